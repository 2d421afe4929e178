"""The wheel as its users have it: installed, with the program it carries."""

import os
import time

import pytest

from llm_bedrock_local import BedrockLocal, BedrockLocalError

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def converse(settings, text="Hello"):
    import boto3
    from botocore.config import Config

    client = boto3.client("bedrock-runtime", config=Config(retries={"total_max_attempts": 1}), **settings)
    return client.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": text}]}])


def test_answers_boto3(bedrock_local):
    response = converse(bedrock_local.boto3_settings())

    assert response["stopReason"] == "end_turn"
    assert [entry["operation"] for entry in bedrock_local.requests()] == ["Converse"]


def test_answers_and_breaks_as_its_rules_say(bedrock_local):
    from botocore.exceptions import ClientError

    bedrock_local.add_rules({"match": {"prompt": "weather"}, "completion": {"text": "Rain."}},
                            {"match": {"prompt": "boom"}, "fault": {"kind": "exception", "name": "ThrottlingException"}})

    weather = converse(bedrock_local.boto3_settings(), "What is the weather?")
    with pytest.raises(ClientError) as caught:
        converse(bedrock_local.boto3_settings(), "boom")

    assert weather["output"]["message"]["content"] == [{"text": "Rain."}]
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert bedrock_local.faults() == {"ThrottlingException": 1}


@pytest.mark.parametrize("_", range(3))
def test_remembers_nothing_of_another_test(bedrock_local, _):
    assert bedrock_local.requests() == []
    assert converse(bedrock_local.boto3_settings())["output"]["message"]["content"][0]["text"] != "Left over."
    bedrock_local.add_rules({"completion": {"text": "Left over."}})


def test_says_why_a_rule_is_refused(bedrock_local):
    with pytest.raises(BedrockLocalError, match="promt"):
        bedrock_local.add_rules({"match": {"promt": "x"}})


def test_says_why_it_does_not_start():
    with pytest.raises(BedrockLocalError, match="nosuch"):
        BedrockLocal(["--nosuch"]).start()
    with pytest.raises(BedrockLocalError, match="Could not start"):
        BedrockLocal(program="/nonexistent/bedrock").start()


def test_gives_up_on_a_program_that_says_nothing(tmp_path):
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    began = time.monotonic()

    with pytest.raises(BedrockLocalError, match="no output in time"):
        BedrockLocal(program=silent, start_timeout=0.2).start()

    assert time.monotonic() - began < 30


def test_ends_its_process():
    server = BedrockLocal().start()
    process = server._process
    server.stop()
    server.stop()

    assert process.poll() is not None


def test_takes_its_arguments(tmp_path):
    script = tmp_path / "rules.json"
    script.write_text('{"rules": [{"completion": {"text": "From a file."}}]}')

    with BedrockLocal(["--script", os.fspath(script)]) as server:
        response = converse(server.boto3_settings())

    assert response["output"]["message"]["content"][0]["text"] == "From a file."
