#!/usr/bin/env bash
# langchaingo: the same Claude answer with a tool call keeps the call when it is
# read whole and loses it when it is streamed. No error; the stop reason still
# says "tool_use", so an agent waits for a call that is not there, and the
# stream callback is handed empty chunks in place of the arguments.
# For whom: agents in Go on Bedrock, who turn on streaming and see their tools die.
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

// One answer of Claude, in the two forms of the Messages API.
const whole = `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
 {"type":"text","text":"I will look."},
 {"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Bern"}}],
 "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":9}}`

var streamed = []string{
	`{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":1}}}`,
	`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
	`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I will look."}}`,
	`{"type":"content_block_stop","index":0}`,
	`{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}`,
	`{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}`,
	`{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":" \"Bern\"}"}}`,
	`{"type":"content_block_stop","index":1}`,
	`{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}`,
	`{"type":"message_stop"}`,
}

func serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/invoke-with-response-stream") {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, whole)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
	for _, event := range streamed {
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

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(serve)) // 127.0.0.1, a free port
	defer server.Close()
	client := bedrockruntime.New(bedrockruntime.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", ""),
	})
	llm, err := bedrock.New(bedrock.WithClient(client), bedrock.WithModel("anthropic.claude-haiku-4-5-20251001-v1:0"))
	if err != nil {
		panic(err)
	}
	tool := llms.Tool{Type: "function", Function: &llms.FunctionDefinition{
		Name: "get_weather", Description: "Weather of a city",
		Parameters: map[string]any{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}}}}
	ask := func(title string, more ...llms.CallOption) int {
		options := append([]llms.CallOption{llms.WithTools([]llms.Tool{tool})}, more...)
		answer, err := llm.GenerateContent(ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "Weather in Bern?")}, options...)
		if err != nil {
			fmt.Printf("%s: error %v\n", title, err)
			return -1
		}
		choice := answer.Choices[0]
		fmt.Printf("%s: text %q, stop reason %q, %d tool call(s)\n", title, choice.Content, choice.StopReason, len(choice.ToolCalls))
		for _, call := range choice.ToolCalls {
			fmt.Printf("    %s(%s)\n", call.FunctionCall.Name, call.FunctionCall.Arguments)
		}
		return len(choice.ToolCalls)
	}
	fmt.Println("fed:  one answer, a text and a tool call get_weather({\"city\":\"Bern\"}), whole and as 10 chunks")
	direct := ask("seen, InvokeModel")
	var chunks []string
	inStream := ask("seen, InvokeModelWithResponseStream", llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		chunks = append(chunks, string(chunk))
		return nil
	}))
	fmt.Printf("    chunks handed to the stream callback: %q\n", chunks)
	fmt.Println("expected: the same call from both. In the Messages API a tool call is streamed as a content_block_start")
	fmt.Println("    of type tool_use and input_json_delta pieces (Anthropic's documentation, \"Streaming messages\").")
	if direct != 1 || inStream != 0 {
		fmt.Println("changed: the streamed answer no longer loses its tool call")
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
