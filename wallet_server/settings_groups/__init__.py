"""The settings, group by group. `wallet_server/settings.py` puts them together and reads them."""
