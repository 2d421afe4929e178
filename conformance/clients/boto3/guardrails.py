"""Guardrails: their operations, and what they do to conversations."""

import json
from functools import partial

from cases import NOVA, TITAN, expect, expect_equal, expect_error, expect_in

NAME = "conformance"
DEFINITION = {
    "name": NAME,
    "blockedInputMessaging": "No question.",
    "blockedOutputsMessaging": "No answer.",
    "wordPolicyConfig": {"wordsConfig": [{"text": "fox"}]},
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]
    },
}


def guardrail_of(control):
    """The id of the guardrail of these cases."""
    found = [each for each in control.list_guardrails()["guardrails"] if each["name"] == NAME]
    return found[0]["id"]


def create(control):
    reply = control.create_guardrail(**DEFINITION)
    expect_equal("version", reply["version"], "DRAFT")
    expect_in("ARN", reply["guardrailArn"], ":guardrail/" + reply["guardrailId"])


def get(control):
    reply = control.get_guardrail(guardrailIdentifier=guardrail_of(control))
    expect_equal("status", reply["status"], "READY")
    expect_equal("words", reply["wordPolicy"]["words"], [{"text": "fox"}])


def create_version(control):
    reply = control.create_guardrail_version(guardrailIdentifier=guardrail_of(control))
    expect_equal("version", reply["version"], "1")


def list_versions(control):
    paginator = control.get_paginator("list_guardrails")
    pages = paginator.paginate(
        guardrailIdentifier=guardrail_of(control), PaginationConfig={"PageSize": 1}
    )
    versions = [each["version"] for page in pages for each in page["guardrails"]]
    expect_equal("versions", versions, ["DRAFT", "1"])


def update(control):
    changed = {**DEFINITION, "description": "Changed."}
    control.update_guardrail(guardrailIdentifier=guardrail_of(control), **changed)
    reply = control.get_guardrail(guardrailIdentifier=guardrail_of(control))
    expect_equal("description", reply["description"], "Changed.")


def apply(control, runtime):
    reply = runtime.apply_guardrail(
        guardrailIdentifier=guardrail_of(control),
        guardrailVersion="1",
        source="OUTPUT",
        content=[{"text": {"text": "Write to ann@example.org."}}],
    )
    expect_equal("action", reply["action"], "GUARDRAIL_INTERVENED")
    expect_equal("outputs", reply["outputs"], [{"text": "Write to {EMAIL}."}])


def check(runtime):
    reply = runtime.invoke_guardrail_checks(
        messages=[{"role": "user", "content": [{"text": "I am ann@example.org"}]}],
        checks={"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}},
    )
    found = reply["results"]["sensitiveInformation"]["results"]
    expect_equal("offsets", [(each["beginOffset"], each["endOffset"]) for each in found], [(5, 20)])


def asking(control):
    return {
        "modelId": NOVA,
        "messages": [{"role": "user", "content": [{"text": "Where is the fox?"}]}],
        "guardrailConfig": {
            "guardrailIdentifier": guardrail_of(control),
            "guardrailVersion": "1",
            "trace": "enabled",
        },
    }


def converse(control, runtime):
    reply = runtime.converse(**asking(control))
    expect_equal("stop reason", reply["stopReason"], "guardrail_intervened")
    expect_equal("text", reply["output"]["message"]["content"], [{"text": "No question."}])
    words = reply["trace"]["guardrail"]["inputAssessment"][guardrail_of(control)]["wordPolicy"]
    expect_equal("match", words["customWords"][0]["match"], "fox")


def stream(control, runtime):
    events = list(runtime.converse_stream(**asking(control))["stream"])
    stops = [event["messageStop"]["stopReason"] for event in events if "messageStop" in event]
    expect_equal("stop reason", stops, ["guardrail_intervened"])


def invoke(control, runtime):
    reply = runtime.invoke_model(
        modelId=TITAN,
        body=json.dumps({"inputText": "I am ann@example.org"}),
        guardrailIdentifier=guardrail_of(control),
        guardrailVersion="DRAFT",
    )
    body = json.loads(reply["body"].read())
    expect_equal("action", body["amazon-bedrock-guardrailAction"], "INTERVENED")
    expect_in("text", body["results"][0]["outputText"], "I am {EMAIL}")


def refuse_unknown(control):
    wanted = control.exceptions.ResourceNotFoundException
    with expect_error(wanted, "ResourceNotFoundException", 404, "does not exist"):
        control.get_guardrail(guardrailIdentifier="unknown")


def delete(control):
    identifier = guardrail_of(control)
    control.delete_guardrail(guardrailIdentifier=identifier, guardrailVersion="1")
    control.delete_guardrail(guardrailIdentifier=identifier)
    names = [each["name"] for each in control.list_guardrails()["guardrails"]]
    expect("it is gone", NAME not in names)


def cases(control, runtime):
    """In this order: the first creates what the last deletes."""
    return [
        ("creation of a guardrail", partial(create, control)),
        ("one guardrail", partial(get, control)),
        ("version of a guardrail", partial(create_version, control)),
        ("list of versions of a guardrail", partial(list_versions, control)),
        ("update of a guardrail", partial(update, control)),
        ("guardrail applied to a text", partial(apply, control, runtime)),
        ("guardrail checks", partial(check, runtime)),
        ("conversation that a guardrail blocks", partial(converse, control, runtime)),
        ("stream that a guardrail blocks", partial(stream, control, runtime)),
        ("native prompt that a guardrail masks", partial(invoke, control, runtime)),
        ("refusal of an unknown guardrail", partial(refuse_unknown, control)),
        ("deletion of a guardrail", partial(delete, control)),
    ]
