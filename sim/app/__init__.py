"""The policy desk: a page in the browser on which policies are changed and compared."""
