"""boto3 against the local Bedrock: endpoint, region and keys come from the environment."""

import boto3
from botocore.config import Config

import control
import conversations
import counts
import faults
import guardrails
import invocations
import refusals
import signatures
from cases import run_cases

# Whoever stalls is found out soon.
TIMEOUT_SECONDS = 20


def make_client(service="bedrock-runtime", attempts=1, **options):
    """A client that makes one attempt only, so that a failure is seen as it came."""
    config = Config(retries={"total_max_attempts": attempts}, read_timeout=TIMEOUT_SECONDS)
    return boto3.client(service, config=config, **options)


runtime = make_client()
bedrock = make_client("bedrock")
run_cases(
    [
        *control.cases(bedrock),
        *guardrails.cases(bedrock, runtime),
        *conversations.cases(runtime),
        *invocations.cases(runtime),
        *counts.cases(runtime),
        *refusals.cases(runtime),
        *signatures.cases(make_client),
        *faults.cases(make_client),
    ]
)
