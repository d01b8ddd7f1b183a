"""Tenants without an active topology or wallet policy: a clean no, until they are configured."""



