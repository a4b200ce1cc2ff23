// Package iptablestest is a host in memory on which iptables, ip6tables, their
// -save and -restore, and ipset can be run, for the tests of programs that run
// these tools: without root, without the tools, and with packets that show what
// the rules do.
//
//	host := iptablestest.New(simtest.Host(t, "link eth0 192.0.2.7/24"))
//	install(host.Exec) // the program under test, given a function instead of os/exec
//	simtest.Check(t, host.Node(t), "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:22", simtest.Dropped())
//
// A program comes to the host by whichever of these it has a place for:
//
//   - a function that runs commands: [Host.Exec];
//   - an interface like the methods of github.com/coreos/go-iptables: [Host.Tables];
//   - the interface of k8s.io/kubernetes/pkg/util/iptables: [Kubernetes];
//   - nothing but PATH: the command examples/fakeiptables.
//
// The tools are those of iptables 1.8.9 (legacy) and ipset 7.17: arguments, exit
// statuses, what is printed, and the messages are theirs. Where their words for options
// of extensions, for elements and for values of sets are not known here, messages have the
// tools' form but the words of package parser. Other differences:
//
//   - Listings (-L) show addresses, ports, users, and types of ICMP as -n does. The options
//     of rateest and of targets that the kernel no longer has are shown as they are saved,
//     and rates of "hashlimit --hashlimit-rate-match" as they are loaded.
//   - Objects of nfacct are taken to exist.
//   - -h does not explain options, -v given twice shows no more than once, and -v of
//     iptables-restore and of the lines of its text shows nothing.
//   - Options for the lock (-w, -W) are accepted and ignored: the commands of a host
//     run one after the other.
//   - If a text for "iptables-restore --test" contains a table twice, the second section
//     is checked against the result of the first. Listing commands in such a text print
//     nothing.
//   - "ipset list", in all its forms, prints 0 for the memory of a set in the kernel, and
//     lists the elements of a hash in the order in which they were added. The size of a
//     hash does not grow, "ipset test" repeats elements as they were given, and --gc has no
//     warning.
package iptablestest
