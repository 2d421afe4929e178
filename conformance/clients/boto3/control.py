"""The control plane: which models there are."""

from functools import partial

from cases import TITAN, UNKNOWN, expect, expect_equal, expect_error, expect_in


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


def cases(client):
    """What Bedrock itself, not Bedrock Runtime, is asked."""
    return [
        ("list of models", partial(list_models, client)),
        ("list of Meta's models", partial(list_models_of_meta, client)),
        ("one model", partial(get_model, client)),
        ("refusal of an unknown model", partial(refuse_unknown_model, client)),
    ]
