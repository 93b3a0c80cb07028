"""The answer first: sentences and tables of the few outcomes that a policy is judged by."""
