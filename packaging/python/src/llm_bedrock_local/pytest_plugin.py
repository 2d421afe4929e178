"""The fixture `bedrock_local`."""

import pytest

from .server import BedrockLocal


@pytest.fixture(scope="session")
def bedrock_local_arguments():
    """Arguments of `bedrock local`; override this fixture to add some."""
    return []


@pytest.fixture(scope="session")
def _bedrock_local_server(bedrock_local_arguments):
    with BedrockLocal(bedrock_local_arguments) as server:
        yield server


@pytest.fixture
def bedrock_local(_bedrock_local_server):
    """A local Bedrock of this test process, without the rules and requests of earlier tests."""
    _bedrock_local_server.reset()
    return _bedrock_local_server
