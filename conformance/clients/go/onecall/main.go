// One call by the AWS SDK for Go, with its own defaults. Each line of standard input asks for one, one
// line of standard output says how it ended.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
)

const model = "us.anthropic.claude-haiku-4-5-20251001-v1:0"

type request struct {
	Call    string `json:"call"`
	LimitMs int    `json:"limit_ms"`
}

type outcome struct {
	Outcome string `json:"outcome"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Ms      int64  `json:"ms"`
}

func hello() []types.Message {
	return []types.Message{{
		Role:    types.ConversationRoleUser,
		Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}},
	}}
}

func buffered(ctx context.Context, client *bedrockruntime.Client) (bool, error) {
	response, err := client.Converse(ctx, &bedrockruntime.ConverseInput{
		ModelId: aws.String(model), Messages: hello(),
	})
	return err == nil && response.Output != nil && response.StopReason != "", err
}

func stream(ctx context.Context, client *bedrockruntime.Client) (bool, error) {
	response, err := client.ConverseStream(ctx, &bedrockruntime.ConverseStreamInput{
		ModelId: aws.String(model), Messages: hello(),
	})
	if err != nil {
		return false, err
	}
	events := response.GetStream()
	defer events.Close()
	stopped := false
	for event := range events.Events() {
		if _, ok := event.(*types.ConverseStreamOutputMemberMessageStop); ok {
			stopped = true
		}
	}
	return stopped, events.Err()
}

// nameOf is the type that tells errors apart, with a code or text if the type alone says nothing.
func nameOf(err error) string {
	var generic *smithy.GenericAPIError
	if errors.As(err, &generic) {
		return fmt.Sprintf("%T %s", generic, generic.Code)
	}
	var service smithy.APIError
	if errors.As(err, &service) {
		return fmt.Sprintf("%T", service)
	}
	// Which of its types a time limit has depends on what the client was doing.
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return "net.Error, Timeout()"
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	name := fmt.Sprintf("%T", err)
	if name == "*errors.errorString" || name == "syscall.Errno" {
		return fmt.Sprintf("%s %q", name, err)
	}
	return name
}

func run(asked request) (bool, error) {
	ctx := context.Background()
	var options []func(*config.LoadOptions) error
	if asked.LimitMs > 0 {
		limit := time.Duration(asked.LimitMs) * time.Millisecond
		options = append(options, config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(limit)))
	}
	settings, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return false, err
	}
	client := bedrockruntime.NewFromConfig(settings)
	if asked.Call == "stream" {
		return stream(ctx, client)
	}
	return buffered(ctx, client)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		start := time.Now()
		complete, err := run(asked)
		ended := outcome{Outcome: "partial-end", Ms: time.Since(start).Milliseconds()}
		if err != nil {
			ended.Outcome, ended.Name, ended.Message = "error", nameOf(err), err.Error()
		} else if complete {
			ended.Outcome = "end"
		}
		if err := json.NewEncoder(os.Stdout).Encode(ended); err != nil {
			os.Exit(2)
		}
	}
}
