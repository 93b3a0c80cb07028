"""The article counts that the model is held against, and (later) the fit to them."""
