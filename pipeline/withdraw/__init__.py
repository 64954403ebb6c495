"""Withdraw: takes documents out of finished shards, and leaves every other sequence as it is."""
