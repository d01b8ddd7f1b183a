"""Tenants without an active topology or wallet policy: a clean no, until they are configured."""

import json

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor, configure, now
from tests.execution.vocabulary import TENANT
from wallet_server.core.commands import OpenWallet
from wallet_server.core.config.documents import write_document
from wallet_server.core.config.topology import Topology
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import TenantNotConfigured, TenantNotFound, WalletNotFound
from wallet_server.embedded.roles import Role
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers
