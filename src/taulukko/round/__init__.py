"""The fill-in round: what units send back, merged into the data folder and written down in its journal."""
