"""The article counts that the model is compared with, and the fit to them."""
