// The AWS SDK for Go against the local Bedrock. It closes a request's body when the head of a stream
// has arrived; with a head that comes at once it loses streams.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
)

const model = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
const streams = 2000

func hello() []types.Message {
	return []types.Message{{
		Role:    types.ConversationRoleUser,
		Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: "Hello"}},
	}}
}

func converse(ctx context.Context, client *bedrockruntime.Client) error {
	reply, err := client.Converse(ctx, &bedrockruntime.ConverseInput{
		ModelId: aws.String(model), Messages: hello(),
	})
	if err != nil {
		return err
	}
	message, ok := reply.Output.(*types.ConverseOutputMemberMessage)
	if !ok || len(message.Value.Content) == 0 {
		return fmt.Errorf("the reply has no content")
	}
	return nil
}

// stream reads one stream and requires that it says how it ends.
func stream(ctx context.Context, client *bedrockruntime.Client) error {
	reply, err := client.ConverseStream(ctx, &bedrockruntime.ConverseStreamInput{
		ModelId: aws.String(model), Messages: hello(),
	})
	if err != nil {
		return err
	}
	events := reply.GetStream()
	defer events.Close()
	var text strings.Builder
	ended := false
	for event := range events.Events() {
		switch event := event.(type) {
		case *types.ConverseStreamOutputMemberContentBlockDelta:
			if delta, ok := event.Value.Delta.(*types.ContentBlockDeltaMemberText); ok {
				text.WriteString(delta.Value)
			}
		case *types.ConverseStreamOutputMemberMessageStop:
			ended = true
		}
	}
	if err := events.Err(); err != nil {
		return err
	}
	if !ended || !strings.Contains(text.String(), "Hello") {
		return fmt.Errorf("the stream is incomplete after %d bytes", text.Len())
	}
	return nil
}

func manyStreams(ctx context.Context, client *bedrockruntime.Client) error {
	lost := 0
	var first error
	for range streams {
		if err := stream(ctx, client); err != nil {
			lost++
			if first == nil {
				first = err
			}
		}
	}
	if lost > 0 {
		return fmt.Errorf("%d of %d streams were lost, the first by: %w", lost, streams, first)
	}
	return nil
}

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	client := bedrockruntime.NewFromConfig(settings)
	cases := []struct {
		name string
		run  func(context.Context, *bedrockruntime.Client) error
	}{
		{"a conversation", converse},
		{fmt.Sprintf("%d streams in a row", streams), manyStreams},
	}
	passed, failed := 0, 0
	for _, each := range cases {
		if err := each.run(ctx, client); err != nil {
			failed++
			fmt.Printf("FAIL %s: %v\n", each.name, err)
			continue
		}
		passed++
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
