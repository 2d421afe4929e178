"""Signatures: what is signed is accepted everywhere else; here one bit is not as it was signed."""

from functools import partial

from botocore.exceptions import ClientError

from cases import CLAUDE, expect_error

NO_MATCH = "The request signature we calculated does not match the signature you provided."
INVALID_TOKEN = "The security token included in the request is invalid."


def flip(text, at):
    """The text with the lowest bit of one character flipped."""
    return text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]


def damage_body(request):
    body = request.body.decode()
    request.body = flip(body, body.rindex("Hello")).encode()


def damage_date(request):
    date = request.headers["X-Amz-Date"].decode()
    del request.headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = flip(date, len(date) - 2)


def damage_path(request):
    request.url = request.url.replace("haiku", "iaiku")


def damage_signature(request):
    authorization = request.headers["Authorization"].decode()
    del request.headers["Authorization"]
    request.headers["Authorization"] = flip(authorization, len(authorization) - 1)


def refused(client, code, message):
    with expect_error(ClientError, code, 403, message):
        client.converse(modelId=CLAUDE, messages=[{"role": "user", "content": [{"text": "Hello"}]}])


def flipped(make_client, damage):
    def after_signing(request, **_):
        damage(request)

    client = make_client()
    client.meta.events.register("before-send.bedrock-runtime.Converse", after_signing)
    refused(client, "InvalidSignatureException", NO_MATCH)


def with_keys(make_client, access_key, secret, token, code, message):
    client = make_client(
        aws_access_key_id=access_key, aws_secret_access_key=secret, aws_session_token=token
    )
    refused(client, code, message)


def cases(make_client):
    """Damaged signatures and wrong keys."""
    damages = {
        "body": damage_body,
        "date": damage_date,
        "path": damage_path,
        "signature": damage_signature,
    }
    keys = partial(with_keys, make_client)
    return [
        *(
            (f"one flipped bit of the {part}", partial(flipped, make_client, damage))
            for part, damage in damages.items()
        ),
        (
            "wrong secret",
            partial(keys, "local", "wrong", None, "InvalidSignatureException", NO_MATCH),
        ),
        (
            "unknown access key",
            partial(keys, "unknown", "local", None, "UnrecognizedClientException", INVALID_TOKEN),
        ),
        (
            "unknown session token",
            partial(
                keys, "local", "local", "unknown", "UnrecognizedClientException", INVALID_TOKEN
            ),
        ),
    ]
