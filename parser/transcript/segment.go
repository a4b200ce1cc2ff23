package transcript

import (
	"regexp"
	"strconv"
	"strings"
)

// sections splits a bundle at its "-- name --" lines, and each section into segments.
func (c *cleaner) sections(lines []string) []Segment {
	var out []Segment
	from, name, bundle := 0, "", false
	flush := func(to int) {
		if bundle || from < to {
			for _, s := range c.segments(lines, from, to) {
				s.Section = name
				out = append(out, s)
			}
		}
	}
	for i, l := range lines {
		if n, ok := sectionName(l); ok {
			flush(i)
			from, name, bundle = i+1, n, true
		}
	}
	flush(len(lines))
	return out
}

// sectionName parses a line "-- name --" (the format of txtar).
func sectionName(line string) (string, bool) {
	line = strings.TrimRight(line, " \t")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < len("-- x --") {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

// segments splits a section at code fences and prompts.
func (c *cleaner) segments(all []string, from, to int) []Segment {
	lines := make([]string, to)
	copy(lines[from:], all[from:to])
	c.numbers(lines, from)
	c.chatter(lines, from)
	fences := c.fences(lines, from)
	var out []Segment
	for _, f := range fences {
		c.indent(lines[f.from:f.to], f.from)
		out = append(out, c.prompts(lines, f.from, f.to)...)
	}
	return out
}

type span struct{ from, to int }

// fences returns the spans between lines of three backquotes or tildes, without the text
// around them. A text without fences is one span.
func (c *cleaner) fences(lines []string, from int) []span {
	var out []span
	open := -1
	for i := from; i < len(lines); i++ {
		t := strings.TrimSpace(lines[i])
		if !strings.HasPrefix(t, "```") && !strings.HasPrefix(t, "~~~") {
			continue
		}
		lines[i] = ""
		if open < 0 {
			open = i + 1
			if len(out) == 0 {
				c.note(i+1, "the text stood between code fences; what is around them was left out")
			}
			continue
		}
		out = append(out, span{open, i})
		open = -1
	}
	if open >= 0 {
		out = append(out, span{open, len(lines)})
	}
	if out == nil {
		return []span{{from, len(lines)}}
	}
	return out
}

var numbered = regexp.MustCompile(`^\s*([0-9]+)(?:\t|  |: |$)`)

// numbers removes the line numbers of "cat -n", "grep -n ”" or the shell's history:
// every line that is not empty has one, which is one more than that of the previous
// line.
func (c *cleaner) numbers(lines []string, from int) {
	last, count := 0, 0
	for i := from; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		m := numbered.FindStringSubmatch(lines[i])
		if m == nil {
			return
		}
		n, _ := strconv.Atoi(m[1])
		if count > 0 && n != last+1 {
			return
		}
		last = n
		count++
	}
	if count < 2 {
		return
	}
	for i := from; i < len(lines); i++ {
		lines[i] = lines[i][len(numbered.FindString(lines[i])):]
	}
	c.note(from+1, "each line began with its number")
}

// chatter empties lines that kubectl and sudo print before the output of a command.
func (c *cleaner) chatter(lines []string, from int) {
	for i := from; i < len(lines); i++ {
		t := strings.TrimSpace(lines[i])
		for _, p := range []string{"Defaulted container ", "Defaulting container name to ", "[sudo] password for ", "Unable to use a TTY", "If you don't see a command prompt, try pressing enter."} {
			if strings.HasPrefix(t, p) {
				c.note(i+1, "a line was left out: %s", t)
				lines[i] = ""
			}
		}
	}
}

// indent removes the blanks that all lines begin with.
func (c *cleaner) indent(lines []string, from int) {
	common, first := "", -1
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		lead := l[:len(l)-len(strings.TrimLeft(l, " \t"))]
		if first < 0 {
			common, first = lead, i
		}
		for !strings.HasPrefix(lead, common) {
			common = common[:len(common)-1]
		}
	}
	if common == "" {
		return
	}
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, common)
	}
	c.note(from+first+1, "every line began with %d blanks", len(common))
}

// prompt is a pattern for a command line after a prompt such as "root@node:~# ", "$ " or
// "[admin@fw ~]$ ".
var prompt = regexp.MustCompile(`^(?:\([^)]*\) ?)?(?:\[[^\]]*\]|[\w.-]+@[\w.-]+(?:[: ][^#$%>]*)?|[\w./~-]*(?::[^#$%> ]*)?)?[#$%>] *(.*)$`)

// bare is a pattern for a prompt that could also begin a comment.
var bare = regexp.MustCompile(`^[#>] *`)

// words with which commands begin that print something.
var printing = regexp.MustCompile(`^(?:sudo +(?:-\S+ +)*)?(?:\S*/)?(?:ip6?tables(?:-legacy|-nft)?(?:-save|-xml)\b|ip6?tables(?:-legacy|-nft)?\b.* -{1,2}(?:[a-zA-Z]*[LS]|list|list-rules)\b|ip\b.*\b(?:a|ad|addr|address|l|link|r|ro|route|ru|rule|n|neigh|x|xfrm)\b|bridge\b|ss\b|netstat\b|sysctl\b|ipset\b.*\b(?:save|list)\b|conntrack\b|nft\b|kubectl\b|dmesg\b|journalctl\b|tcpdump\b|cat\b|zcat\b|docker\b)`)

// changing is a pattern for a command that changes rules: a line of a script.
var changing = regexp.MustCompile(`^(?:sudo +(?:-\S+ +)*)?(?:\S*/)?(?:ip6?tables(?:-legacy|-nft)?)(?:\s|$)`)

// prompts splits a span at command lines. Commands that change rules are kept as lines of
// a script.
func (c *cleaner) prompts(lines []string, from, to int) []Segment {
	var out []Segment
	start, command, noted := from, "", false
	flush := func(end int) {
		text := strings.Join(lines[start:end], "\n")
		if strings.TrimSpace(text) != "" {
			out = append(out, Segment{Command: command, Text: strings.Repeat("\n", start) + text + "\n"})
		}
	}
	for i := from; i < to; i++ {
		m := prompt.FindStringSubmatchIndex(lines[i])
		if m == nil {
			continue
		}
		typed := lines[i][m[2]:m[3]]
		isBare := bare.MatchString(lines[i])
		switch {
		case printing.MatchString(typed) && !(isBare && strings.Contains(typed, " generated ")):
			flush(i)
			start, command = i, strings.TrimSpace(typed)
			lines[i] = ""
		case changing.MatchString(typed) && !isBare:
			lines[i] = strings.Repeat(" ", m[2]) + typed
		case strings.Contains(lines[i][:m[2]], "@"): // another command, or none
			flush(i)
			start, command = i, strings.TrimSpace(typed)
			lines[i] = ""
		default:
			continue
		}
		if !noted {
			c.note(i+1, "the text shows the prompts of a terminal")
			noted = true
		}
	}
	flush(to)
	return out
}
