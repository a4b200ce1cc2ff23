@iptables mangle PREROUTING
-j SECMARK --selctx system_u:object_r:foo_t:s0 ; = ; ASSUME
@iptables security INPUT
-j SECMARK --selctx system_u:object_r:foo_t:s0 ; = ; ASSUME
@iptables filter INPUT
-j SECMARK --selctx foo ; ; FAIL only valid in table mangle or security, not filter
@iptables mangle INPUT
-j SECMARK ; ; FAIL option --selctx must be given
-j SECMARK --selctx "" ; ; FAIL not possible
@iptables filter INPUT
-j SECMARK --selctx x ; ; FAIL only valid in table mangle or security, not filter
