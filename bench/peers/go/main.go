// The AWS SDK for Go as its users call it; the same words and report as the other subjects.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
)

const question = "Why is the sky blue, and not violet?"

// One client, and what its requests see.
type bench struct {
	client *bedrockruntime.Client
	model  string
	mutex  sync.Mutex
	waits  []int64
	deltas atomic.Int64
	ended  atomic.Int64
}

// wholeBody gives the transport a body of its own: this SDK closes its body when the head of the response is there, and
// loses streams of a server that is as quick as this one.
type wholeBody struct{ bedrockruntime.HTTPClient }

func (w wholeBody) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	return w.HTTPClient.Do(request)
}

// The clock that the server and its clients share.
func now() int64 {
	const clockMonotonic = 1
	var time syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&time)), 0)
	return time.Nano()
}

func cpu() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func peakKiB() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kib, _ := strconv.ParseInt(strings.Fields(line)[1], 10, 64)
			return kib
		}
	}
	return 0
}

func nativeBody() []byte {
	body, _ := json.Marshal(map[string]any{
		"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1000, "temperature": 0.5,
		"messages": []any{map[string]any{"role": "user",
			"content": []any{map[string]any{"type": "text", "text": question}}}}})
	return body
}

func messages() []types.Message {
	return []types.Message{{Role: types.ConversationRoleUser,
		Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: question}}}}
}

func (b *bench) invoke(ctx context.Context) error {
	answer, err := b.client.InvokeModel(ctx, &bedrockruntime.InvokeModelInput{
		ModelId: &b.model, ContentType: aws.String("application/json"), Body: nativeBody()})
	if err != nil {
		return err
	}
	var body struct{ Content []struct{ Text string } }
	return json.Unmarshal(answer.Body, &body)
}

// The server wrote its clock into the request id.
func (b *bench) firstDelta(requestID string) {
	sent, _ := strconv.ParseInt(requestID, 10, 64)
	b.mutex.Lock()
	b.waits = append(b.waits, now()-sent)
	b.mutex.Unlock()
}

func (b *bench) invokeStream(ctx context.Context) error {
	answer, err := b.client.InvokeModelWithResponseStream(ctx, &bedrockruntime.InvokeModelWithResponseStreamInput{
		ModelId: &b.model, ContentType: aws.String("application/json"), Body: nativeBody()})
	if err != nil {
		return err
	}
	id, _ := middleware.GetRequestIDMetadata(answer.ResultMetadata)
	stream := answer.GetStream()
	defer stream.Close()
	seen := 0
	for event := range stream.Events() {
		chunk, ok := event.(*types.ResponseStreamMemberChunk)
		if !ok {
			continue
		}
		var native struct {
			Type  string
			Delta struct{ Text string }
		}
		if err := json.Unmarshal(chunk.Value.Bytes, &native); err != nil {
			return err
		}
		if native.Type == "content_block_delta" {
			if seen == 0 {
				b.firstDelta(id)
			}
			seen++
		}
	}
	b.deltas.Add(int64(seen))
	return stream.Err()
}

func (b *bench) converseStream(ctx context.Context) error {
	answer, err := b.client.ConverseStream(ctx, &bedrockruntime.ConverseStreamInput{ModelId: &b.model, Messages: messages()})
	if err != nil {
		return err
	}
	id, _ := middleware.GetRequestIDMetadata(answer.ResultMetadata)
	stream := answer.GetStream()
	defer stream.Close()
	seen := 0
	for event := range stream.Events() {
		if _, ok := event.(*types.ConverseStreamOutputMemberContentBlockDelta); ok {
			if seen == 0 {
				b.firstDelta(id)
			}
			seen++
		}
	}
	b.deltas.Add(int64(seen))
	return stream.Err()
}

// Runs `count` requests, `parallel` at once: each begins when the one before it has ended, or, in rounds, when all have.
func (b *bench) run(count, parallel int, inRounds bool, one func(context.Context) error) {
	var left atomic.Int64
	left.Store(int64(count))
	worker := func() {
		for left.Add(-1) >= 0 {
			if err := one(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, "go:", err)
			} else {
				b.ended.Add(1)
			}
			if inRounds {
				return
			}
		}
	}
	for left.Load() > 0 {
		var workers sync.WaitGroup
		for range min(parallel, count) {
			workers.Add(1)
			go func() { defer workers.Done(); worker() }()
		}
		workers.Wait()
	}
}

func main() {
	url := flag.String("url", "", "")
	operation := flag.String("operation", "invoke", "")
	count := flag.Int("count", 1, "")
	parallel := flag.Int("parallel", 1, "")
	warmup := flag.Int("warmup", 0, "")
	rounds := flag.Int("rounds", 0, "")
	flag.String("shape", "", "")
	flag.Int("size", 0, "")
	flag.Parse()

	b := &bench{model: os.Getenv("BENCH_MODEL"), client: bedrockruntime.New(bedrockruntime.Options{
		Region:           "us-east-1",
		BaseEndpoint:     url,
		Credentials:      credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "not-a-secret", ""),
		RetryMaxAttempts: 1,
		HTTPClient:       wholeBody{awshttp.NewBuildableClient()},
	})}
	one := map[string]func(context.Context) error{
		"invoke": b.invoke, "invoke-with-response-stream": b.invokeStream, "converse-stream": b.converseStream}[*operation]
	b.run(*warmup, *parallel, *rounds != 0, one)
	b.waits = nil
	b.deltas.Store(0)
	b.ended.Store(0)

	cpuBefore, wallBefore := cpu(), time.Now()
	b.run(*count, *parallel, *rounds != 0, one)
	wall, cost := time.Since(wallBefore), cpu()-cpuBefore

	slices.Sort(b.waits)
	quantile := func(part float64) int64 {
		if len(b.waits) == 0 {
			return 0
		}
		return b.waits[int(part*float64(len(b.waits)-1))]
	}
	json.NewEncoder(os.Stdout).Encode(map[string]int64{
		"requests": b.ended.Load(), "deltas": b.deltas.Load(), "cpu_ns": cost, "wall_ns": wall.Nanoseconds(),
		"peak_kib": peakKiB(), "p50_ns": quantile(0.5), "p99_ns": quantile(0.99), "allocations": 0})
	if b.ended.Load() != int64(*count) {
		os.Exit(1)
	}
}
