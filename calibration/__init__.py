"""The article counts that the model is held against, and the fit to them."""
