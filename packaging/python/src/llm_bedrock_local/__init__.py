"""A strict local Amazon Bedrock for tests."""

from .server import BedrockLocal, BedrockLocalError

__all__ = ["BedrockLocal", "BedrockLocalError"]
