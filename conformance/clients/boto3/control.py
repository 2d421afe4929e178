"""The control plane: which models there are."""

from functools import partial

from cases import CLAUDE, TITAN, UNKNOWN, expect, expect_equal, expect_error, expect_in


def list_models(client):
    summaries = client.list_foundation_models()["modelSummaries"]
    expect_in("models", [model["modelId"] for model in summaries], TITAN)


def list_models_of_meta(client):
    summaries = client.list_foundation_models(byProvider="Meta")["modelSummaries"]
    expect("Meta has models", summaries)
    expect("all are Meta's", all(model["modelId"].startswith("meta.") for model in summaries))


def get_model(client):
    details = client.get_foundation_model(modelIdentifier=TITAN)["modelDetails"]
    expect_equal("model", details["modelId"], TITAN)
    expect_equal("streams", details["responseStreamingSupported"], True)


def refuse_unknown_model(client):
    wanted = client.exceptions.ValidationException
    with expect_error(
        wanted, "ValidationException", 400, "The provided model identifier is invalid."
    ):
        client.get_foundation_model(modelIdentifier=UNKNOWN)


def see_availability(client):
    reply = client.get_foundation_model_availability(modelId=TITAN)
    expect_equal("authorization", reply["authorizationStatus"], "AUTHORIZED")


def list_profiles(client):
    paginator = client.get_paginator("list_inference_profiles")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 10}))
    ids = [
        profile["inferenceProfileId"]
        for page in pages
        for profile in page["inferenceProfileSummaries"]
    ]
    expect("there are more pages than one", len(pages) > 1)
    expect_equal("none is repeated", len(set(ids)), len(ids))
    expect_in("profiles", ids, CLAUDE)


def get_profile(client):
    profile = client.get_inference_profile(inferenceProfileIdentifier=CLAUDE)
    expect_equal("status", profile["status"], "ACTIVE")
    expect_in("model", profile["models"][0]["modelArn"], "foundation-model/anthropic.claude")


def refuse_unknown_profile(client):
    wanted = client.exceptions.ResourceNotFoundException
    with expect_error(wanted, "ResourceNotFoundException", 404, ""):
        client.get_inference_profile(inferenceProfileIdentifier=UNKNOWN)


def cases(client):
    """What Bedrock itself, not Bedrock Runtime, is asked."""
    return [
        ("list of models", partial(list_models, client)),
        ("list of Meta's models", partial(list_models_of_meta, client)),
        ("one model", partial(get_model, client)),
        ("refusal of an unknown model", partial(refuse_unknown_model, client)),
        ("availability of a model", partial(see_availability, client)),
        ("list of inference profiles, page by page", partial(list_profiles, client)),
        ("one inference profile", partial(get_profile, client)),
        ("refusal of an unknown inference profile", partial(refuse_unknown_profile, client)),
    ]
