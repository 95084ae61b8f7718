"""What really happened: published figures year by year, beside the model and what a scenario promised."""
