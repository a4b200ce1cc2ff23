package command

// schema documents what -json prints. Its fields are tested against what is
// printed.
const schema = `With -json every verb prints one JSON object a line. Fields may be added; none
changes its meaning. Fields without a value may be left out.

where: a line for each packet
  packet    the packet, as it was understood
  answer    what became of it, in one line
  reason    why, as a code that stays:
              rule-NAME         a rule with this target, in lower case: rule-drop
              policy-accept, policy-drop
              match-drop        a match dropped the packet on the spot
              conntrack-drop, nat-drop
              delivered, forwarded, sent
              no-route, not-forwarding, unreachable, prohibited, blackhole
              martian-source, martian-destination, not-for-host
              expired, too-big, malformed, queued, stolen, undecided
  fate      delivered, forwarded, sent, dropped, rejected, no route, martian,
            expired, too big, malformed, queued, stolen
  passed    whether it got through
  because   what lies behind it: comments of rules, who set the mark, what would
            cure it
  names     what the cluster calls addresses (kubectl get svc,endpointslices)
  result    all of it: fate, passed, by, summary, packet, outDev, answers, chance,
            probability, randomPort, path, logs, trace, assumptions, sendError
  notes     what was taken for granted, left out or could not be read: code, text,
            file, line
where -branches: packet, notes and outcomes, each with
  ending, passed, chance, probability, ways and first, an answer as above
roundtrip: packet, answer, passed, notes and
  reason    if it passed: back, other-link, answered (by the host), delivered,
            no-reply (nobody answers such a packet); if not: forward-REASON,
            back-REASON, refused, no-answer, wrong-address, wrong-receiver
  forward, back   answers as above
  reply           the packet that comes back
  conns           the connections, as conntrack -L prints them
talk: a line for each step
  line, answer, nat and conns; or line and said; or line and hops of a network
explain-log: a line for each packet
  packet, lines (file, line, place, rule, ruleFile, ruleLine, note), agrees,
  difference, replay, notes
test: a line for each case
  file, line, name, packet, passed, error, failed (line, want, got, path, near),
  results
diff: a line for each packet that fares otherwise
  packet, from, old, new
show: family, table, chain, policy, rules, calls
Codes of notes: cleaned, unread, warning, listing, script, incompatible, no-rules,
no-host, sysctl, foreign-source, unknown-link, family, assumed, packet, names.
`
