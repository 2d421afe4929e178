#!/usr/bin/env bash
# Anthropic's Go SDK on Bedrock: Messages.CountTokens is signed for Bedrock and sent to
# /v1/messages/count_tokens, a path of Anthropic's own service that bedrock-runtime
# does not have; its CountTokens lies at /model/{modelId}/count-tokens. Nothing warns
# before the request is sent (the same package refuses user profiles that way). Where
# the service answers an unknown path with HTTP 200 and an UnknownOperationException
# in the body, as users have reported of Bedrock, the result is 0 tokens and no error.
# For whom: Go programs that count before they send, to stay within a context window.
# Package: github.com/anthropics/anthropic-sdk-go/v2 v2.15.0 (bedrock), Go modules
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOFLAGS=-modcacherw

cat > main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/anthropics/anthropic-sdk-go/v2"
	"github.com/anthropics/anthropic-sdk-go/v2/bedrock"
	"github.com/anthropics/anthropic-sdk-go/v2/option"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

const model = "anthropic.claude-haiku-4-5-20251001-v1:0"

var (
	paths   []string
	unknown int // the status for a path that bedrock-runtime does not have
)

func serve(w http.ResponseWriter, r *http.Request) {
	scope, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), ",")
	fmt.Printf("seen: %s %s, signed for %s\n", r.Method, r.URL.Path, scope[9:])
	paths = append(paths, r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(r.URL.Path, "/model/") && strings.HasSuffix(r.URL.Path, "/count-tokens") {
		fmt.Fprint(w, `{"inputTokens":12}`)
		return
	}
	w.WriteHeader(unknown)
	fmt.Fprint(w, `{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}`)
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(serve)) // 127.0.0.1, a free port
	defer server.Close()
	client := anthropic.NewClient(bedrock.WithConfig(aws.Config{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", ""),
	}), option.WithBaseURL(server.URL))

	asBefore := true
	for _, unknown = range []int{404, 200} {
		fmt.Printf("fed:  Messages.CountTokens for %s; unknown paths are answered with %d\n", model, unknown)
		count, err := client.Messages.CountTokens(ctx, anthropic.MessageCountTokensParams{
			Model:    model,
			Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("How many tokens are these?"))},
		})
		if err != nil {
			text, _, _ := strings.Cut(err.Error(), " {")
			fmt.Printf("      error: %s\n", strings.ReplaceAll(text, server.URL, ""))
		} else {
			fmt.Printf("      result: %d tokens, no error\n", count.InputTokens)
		}
		asBefore = asBefore && (err == nil) == (unknown == 200) && (err != nil || count.InputTokens == 0)
	}
	fmt.Printf("expected: POST /model/%s/count-tokens with the request in\n", model)
	fmt.Println("      input.invokeModel.body (API reference of CountTokens), or an error before anything is sent.")
	for _, path := range paths {
		asBefore = asBefore && path == "/v1/messages/count_tokens"
	}
	if !asBefore || len(paths) != 2 {
		fmt.Println("changed: CountTokens goes elsewhere or ends otherwise now")
		os.Exit(1)
	}
}
EOF
{
  go mod init example.com/finding
  go get github.com/anthropics/anthropic-sdk-go/v2@v2.15.0
  go mod tidy
} > install.log 2>&1 || { cat install.log; exit 2; }
go build -o finding .
go list -m github.com/anthropics/anthropic-sdk-go/v2
env -i PATH="$PATH" HOME="$tmp" ./finding
