"""From the data folder of one period to that of the next."""
