#!/usr/bin/env bash
# langchaingo: a whole Claude answer whose stop reason is max_tokens, refusal or
# model_context_window_exceeded is thrown away: the caller gets an error with no
# text and no token counts, though both came and were billed, and every one of
# them advises "Maybe try increasing max tokens", which cannot help a refusal.
# The same answer streamed is returned as usual. So is Nova's, read whole.
# For whom: Go programs that show cut answers, count cost, or tell refusals apart.
# Package: github.com/tmc/langchaingo v0.1.14 (llms/bedrock), Go modules
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOFLAGS=-modcacherw

cat > main.go <<'EOF'
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/bedrock"
)

var reason string // the stop reason that the server gives

func serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.Contains(r.URL.Path, "nova"):
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"output":{"message":{"role":"assistant","content":[{"text":"The first half"}]}},"stopReason":%q,"usage":{"inputTokens":20,"outputTokens":4,"totalTokens":24}}`, reason)
	case strings.HasSuffix(r.URL.Path, "/invoke"):
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"The first half"}],"stop_reason":%q,"stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":4}}`, reason)
	default:
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		for _, event := range []string{
			`{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":1}}}`,
			`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
			`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The first half"}}`,
			`{"type":"content_block_stop","index":0}`,
			`{"type":"message_delta","delta":{"stop_reason":"` + reason + `","stop_sequence":null},"usage":{"output_tokens":4}}`,
			`{"type":"message_stop"}`,
		} {
			payload, _ := json.Marshal(map[string][]byte{"bytes": []byte(event)})
			message := eventstream.Message{Payload: payload}
			message.Headers.Set(":event-type", eventstream.StringValue("chunk"))
			message.Headers.Set(":content-type", eventstream.StringValue("application/json"))
			message.Headers.Set(":message-type", eventstream.StringValue("event"))
			var frame bytes.Buffer
			eventstream.NewEncoder().Encode(&frame, message)
			w.Write(frame.Bytes())
		}
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(serve)) // 127.0.0.1, a free port
	defer server.Close()
	client := bedrockruntime.New(bedrockruntime.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", ""),
	})
	ask := func(title, model string, options ...llms.CallOption) error {
		llm, err := bedrock.New(bedrock.WithClient(client), bedrock.WithModel(model))
		if err != nil {
			panic(err)
		}
		answer, err := llm.GenerateContent(ctx, []llms.MessageContent{
			llms.TextParts(llms.ChatMessageTypeSystem, "Be brief."), llms.TextParts(llms.ChatMessageTypeHuman, "Tell me.")}, options...)
		if err != nil {
			fmt.Printf("  %-16s error %q, answer is nil: %v\n", title, err, answer == nil)
			return err
		}
		choice := answer.Choices[0]
		fmt.Printf("  %-16s text %q, stop reason %q, %v\n", title, choice.Content, choice.StopReason, choice.GenerationInfo)
		return nil
	}
	drop := llms.WithStreamingFunc(func(context.Context, []byte) error { return nil })
	const claude, nova = "anthropic.claude-haiku-4-5-20251001-v1:0", "amazon.nova-lite-v1:0"
	asBefore := true
	for _, reason = range []string{"max_tokens", "refusal", "model_context_window_exceeded"} {
		fmt.Printf("fed:  text \"The first half\", 20 tokens in, 4 out, stop reason %s. seen:\n", reason)
		whole := ask("Claude, whole", claude)
		streamed := ask("Claude, streamed", claude, drop)
		if whole == nil || !strings.Contains(whole.Error(), "increasing max tokens") || streamed != nil {
			asBefore = false
		}
		if reason == "max_tokens" && ask("Nova, whole", nova) != nil {
			asBefore = false
		}
	}
	fmt.Println("expected: the answer with its stop reason and counts from each. All three are documented stop reasons of a")
	fmt.Println("    successful answer, HTTP 200 (Anthropic's documentation, \"Handling stop reasons\").")
	if !asBefore {
		fmt.Println("changed: whole answers with these stop reasons are treated otherwise now")
		os.Exit(1)
	}
}
EOF
{
  go mod init example.com/finding
  go get github.com/tmc/langchaingo@v0.1.14
  go mod tidy
} > install.log 2>&1 || { cat install.log; exit 2; }
go build -o finding .
go list -m github.com/tmc/langchaingo github.com/aws/aws-sdk-go-v2/service/bedrockruntime
env -i PATH="$PATH" HOME="$tmp" ./finding
