"""Policies: rules in CEL about resources, changes and plans, which people write beside the YAML.

policy   what a policy is; words: the tokens and the names of its expression
folders  where policies come from; read: files -> policies, with every problem and its place
given    what an expression sees, as plain values; seen: which columns it may see, and how
process  judges in one child process, which is bounded and killed; child: that process
judge    all of it: policies and a configuration or a plan -> verdicts; cases: the same for tests

Nothing but ``folders`` is loaded where there are no policies.
"""
