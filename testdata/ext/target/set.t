@iptables filter INPUT
-j SET --add-set nosuch src ; = ; ASSUME
-j SET ; ; FAIL SET: one of --add-set, --del-set, --map-set must be given
-j SET --exist ; ; FAIL SET
-j SET --add-set nosuch foo ; ; FAIL SET: bad direction "foo"
