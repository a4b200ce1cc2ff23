package kernel

import "strings"

// batch is a command and what it reads.
type batch struct {
	command []string
	input   string
}

// batches returns processes that run the commands in order: one for all that follow one
// another and are of ip, or of bridge, because starting a process takes longer than what
// it does. Those with options ahead of the object run by themselves.
func batches(commands []string) (list []batch) {
	last := ""
	for _, c := range commands {
		tool, args, _ := strings.Cut(c, " ")
		if tool != "ip" && tool != "bridge" || strings.HasPrefix(args, "-") {
			list, last = append(list, batch{command: strings.Fields(c)}), ""
			continue
		}
		if tool != last {
			list, last = append(list, batch{command: []string{tool, "-batch", "-"}}), tool
		}
		list[len(list)-1].input += args + "\n"
	}
	return list
}
