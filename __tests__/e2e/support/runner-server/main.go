// A small Gitea for the end-to-end tests: it speaks the runner's protocol, answers the API requests that the action
// makes, the record of its own job among them, and lets the test queue tasks, cancel them and read what the runner reported.
//
// It listens on a free port of the loopback interface, prints its address, and ends when its stdin is closed.
package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	pingv1 "code.gitea.io/actions-proto-go/ping/v1"
	"code.gitea.io/actions-proto-go/ping/v1/pingv1connect"
	runnerv1 "code.gitea.io/actions-proto-go/runner/v1"
	"code.gitea.io/actions-proto-go/runner/v1/runnerv1connect"
	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// What the test sends to queue a task.
type order struct {
	Labels   []string          `json:"labels"`
	Workflow json.RawMessage   `json:"workflow"` // of a single job; JSON is YAML
	Context  map[string]any    `json:"context"`  // added to what Gitea sends with every task
	Secrets  map[string]string `json:"secrets"`
}

// What the test reads of a task.
type task struct {
	order
	ID        int64             `json:"id"`
	Picked    bool              `json:"picked"`
	Cancelled bool              `json:"cancelled"` // by the test
	Result    string            `json:"result"`    // as the runner reported it last
	Steps     []step            `json:"steps"`
	Outputs   map[string]string `json:"outputs"`
	Rows      []string          `json:"rows"`
	times     []time.Time       // of each row
	LogEnded  bool              `json:"logEnded"`
	queued    time.Time
	started   time.Time // when a runner picked it
}

type step struct {
	Result    string    `json:"result"`
	LogIndex  int64     `json:"logIndex"`
	LogLength int64     `json:"logLength"`
	started   time.Time // the zero time: not yet
	stopped   time.Time
}

// Gitea numbers runs, jobs and tasks on their own.
func (t *task) runID() int64  { return t.ID + 100 }
func (t *task) jobID() int64  { return t.ID + 200 }
func (t *task) token() string { return fmt.Sprintf("%040d", t.ID) }

// Its tokens are valid for as long as the task runs: after a cancel, Gitea answers 401.
func (t *task) isRunning() bool { return t.Picked && !t.Cancelled && t.Result == "unspecified" }

// A JWT whose payload names the job, without a valid signature.
func (t *task) runtimeToken() string {
	part := func(value any) string {
		text, _ := json.Marshal(value)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	header := part(map[string]string{"alg": "HS256", "typ": "JWT"})
	payload := part(map[string]any{
		"TaskID": t.ID, "RunID": t.runID(), "JobID": t.jobID(),
		"scp": fmt.Sprintf("Actions.Results:%d:%d", t.runID(), t.jobID()),
	})
	return header + "." + payload + "." + base64.RawURLEncoding.EncodeToString([]byte("signature of "+t.token()))
}

type server struct {
	pingv1connect.UnimplementedPingServiceHandler
	runnerv1connect.UnimplementedRunnerServiceHandler
	url               string
	registrationToken string
	mutex             sync.Mutex
	runner            *runnerv1.Runner // there is one at most
	tasks             []*task
}

func (s *server) Ping(_ context.Context, req *connect.Request[pingv1.PingRequest]) (*connect.Response[pingv1.PingResponse], error) {
	return connect.NewResponse(&pingv1.PingResponse{Data: "Hello, " + req.Msg.Data + "!"}), nil
}

func (s *server) Register(_ context.Context, req *connect.Request[runnerv1.RegisterRequest]) (*connect.Response[runnerv1.RegisterResponse], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if req.Msg.Token != s.registrationToken {
		return nil, connect.NewError(connect.CodeUnauthenticated, errors.New("runner registration token not found"))
	}
	s.runner = &runnerv1.Runner{
		Id: 1, Uuid: "1d6f0c52-7a4e-4b0c-9d3a-5e8f21c9b7aa", Token: strings.Repeat("5ec2e7", 7)[:40],
		Name: req.Msg.Name, Version: req.Msg.Version, Labels: req.Msg.Labels, Ephemeral: req.Msg.Ephemeral,
	}
	return connect.NewResponse(&runnerv1.RegisterResponse{Runner: s.runner}), nil
}

func (s *server) Declare(_ context.Context, req *connect.Request[runnerv1.DeclareRequest]) (*connect.Response[runnerv1.DeclareResponse], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.runner.Version, s.runner.Labels = req.Msg.Version, req.Msg.Labels
	return connect.NewResponse(&runnerv1.DeclareResponse{Runner: s.runner}), nil
}

func (s *server) FetchTask(_ context.Context, _ *connect.Request[runnerv1.FetchTaskRequest]) (*connect.Response[runnerv1.FetchTaskResponse], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, t := range s.tasks {
		served := !slices.ContainsFunc(t.Labels, func(label string) bool { return !slices.Contains(s.runner.Labels, label) })
		if t.Picked || t.Cancelled || !served {
			continue
		}
		t.Picked, t.started = true, time.Now()
		message, err := s.message(t)
		return connect.NewResponse(&runnerv1.FetchTaskResponse{Task: message, TasksVersion: int64(len(s.tasks))}), err
	}
	return connect.NewResponse(&runnerv1.FetchTaskResponse{TasksVersion: int64(len(s.tasks))}), nil
}

// The task as Gitea 1.27 hands it to a runner: the same keys, and the same ones empty.
func (s *server) message(t *task) (*runnerv1.Task, error) {
	var workflow struct {
		Name string                     `json:"name"`
		Jobs map[string]json.RawMessage `json:"jobs"`
	}
	if err := json.Unmarshal(t.Workflow, &workflow); err != nil {
		return nil, err
	}
	values := map[string]any{
		"actor": "alice", "triggering_actor": "alice",
		"repository": "acme/widgets", "repository_owner": "acme", "repositoryUrl": s.url + "/acme/widgets",
		"server_url": s.url + "/", "api_url": s.url + "/api/v1", "gitea_default_actions_url": s.url,
		"event": map[string]any{}, "event_name": "push", "ref": "refs/heads/main", "ref_name": "main", "ref_type": "branch",
		"ref_protected": false, "sha": "f0c3e1a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e3", "secret_source": "Actions",
		"run_id": strconv.FormatInt(t.runID(), 10), "run_number": strconv.FormatInt(t.ID, 10), "run_attempt": "1",
		"workflow": workflow.Name, "job": slices.Collect(maps.Keys(workflow.Jobs))[0],
		"token": t.token(), "gitea_runtime_token": t.runtimeToken(),
	}
	for _, empty := range []string{"action", "action_path", "action_ref", "action_repository", "action_status", "base_ref", "env",
		"event_path", "graphql_url", "head_ref", "path", "retention_days", "workspace"} {
		values[empty] = ""
	}
	maps.Copy(values, t.Context)
	fields, err := structpb.NewStruct(values)
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{"GITHUB_TOKEN": t.token(), "GITEA_TOKEN": t.token()}
	maps.Copy(secrets, t.Secrets)
	return &runnerv1.Task{Id: t.ID, WorkflowPayload: t.Workflow, Context: fields, Secrets: secrets}, nil
}

func (s *server) UpdateTask(_ context.Context, req *connect.Request[runnerv1.UpdateTaskRequest]) (*connect.Response[runnerv1.UpdateTaskResponse], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t, err := s.task(req.Msg.State.Id)
	if err != nil {
		return nil, err
	}
	t.Result = word(req.Msg.State.Result)
	t.Steps = nil
	for _, state := range req.Msg.State.Steps {
		t.Steps = append(t.Steps, step{
			Result: word(state.Result), LogIndex: state.LogIndex, LogLength: state.LogLength,
			started: timeOf(state.StartedAt), stopped: timeOf(state.StoppedAt),
		})
	}
	maps.Copy(t.Outputs, req.Msg.Outputs)
	answer := &runnerv1.TaskState{Id: t.ID, Result: req.Msg.State.Result}
	if t.Cancelled {
		answer.Result = runnerv1.Result_RESULT_CANCELLED
	}
	sent := slices.Collect(maps.Keys(t.Outputs))
	return connect.NewResponse(&runnerv1.UpdateTaskResponse{State: answer, SentOutputs: sent}), nil
}

func (s *server) UpdateLog(_ context.Context, req *connect.Request[runnerv1.UpdateLogRequest]) (*connect.Response[runnerv1.UpdateLogResponse], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t, err := s.task(req.Msg.TaskId)
	if err != nil {
		return nil, err
	}
	have := int64(len(t.Rows))
	if index := req.Msg.Index; index <= have && index+int64(len(req.Msg.Rows)) > have {
		for _, row := range req.Msg.Rows[have-index:] {
			t.Rows = append(t.Rows, row.Content)
			t.times = append(t.times, row.Time.AsTime())
		}
		t.LogEnded = req.Msg.NoMore
	}
	return connect.NewResponse(&runnerv1.UpdateLogResponse{AckIndex: int64(len(t.Rows))}), nil
}

func word(result runnerv1.Result) string {
	return strings.ToLower(strings.TrimPrefix(result.String(), "RESULT_"))
}

// A time that is missing is the zero time, not the first of 1970.
func timeOf(stamp *timestamppb.Timestamp) time.Time {
	if stamp == nil {
		return time.Time{}
	}
	return stamp.AsTime()
}

// The record of a job, as Gitea 1.27 answers `GET /repos/{owner}/{repo}/actions/jobs/{id}`.
func (s *server) record(t *task) map[string]any {
	record := map[string]any{
		"id": t.jobID(), "run_id": t.runID(), "run_attempt": 1, "labels": t.Labels, "steps": []any{},
		"head_sha": "f0c3e1a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e3", "head_branch": "main",
		"runner_id": s.runner.Id, "runner_name": s.runner.Name,
		"created_at": written(t.queued), "started_at": written(t.started), "completed_at": written(time.Time{}),
		"html_url": fmt.Sprintf("%s/acme/widgets/actions/runs/%d/jobs/%d", s.url, t.runID(), t.jobID()),
	}
	maps.Copy(record, stateOf(t.Result, true))
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Name, Uses, Run string }
		}
	}
	_ = json.Unmarshal(t.Workflow, &workflow)
	for name, job := range workflow.Jobs {
		record["name"] = name
		steps := []map[string]any{}
		for index, known := range job.Steps {
			first, _, _ := strings.Cut(known.Run, "\n")
			one := map[string]any{"name": cmp.Or(known.Name, "Run "+cmp.Or(known.Uses, first)), "number": index}
			var reported step
			if index < len(t.Steps) {
				reported = t.Steps[index]
			}
			maps.Copy(one, stateOf(cmp.Or(reported.Result, "unspecified"), !reported.started.IsZero()))
			one["started_at"], one["completed_at"] = written(reported.started), written(reported.stopped)
			steps = append(steps, one)
		}
		record["steps"] = steps
	}
	return record
}

// A result in the words of the API. What has not ended has no conclusion.
func stateOf(result string, begun bool) map[string]any {
	if result != "unspecified" {
		return map[string]any{"status": "completed", "conclusion": result}
	}
	if begun {
		return map[string]any{"status": "in_progress"}
	}
	return map[string]any{"status": "queued"}
}

// What has not happened was in 1970.
func written(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

func (s *server) task(id int64) (*task, error) {
	if id < 1 || id > int64(len(s.tasks)) {
		return nil, connect.NewError(connect.CodeNotFound, fmt.Errorf("task %d not found", id))
	}
	return s.tasks[id-1], nil
}

// Only a registered runner may call anything but Ping and Register.
func (s *server) withRunner(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		switch req.Spec().Procedure {
		case pingv1connect.PingServicePingProcedure, runnerv1connect.RunnerServiceRegisterProcedure:
			return next(ctx, req)
		}
		s.mutex.Lock()
		runner := s.runner
		s.mutex.Unlock()
		if runner == nil || req.Header().Get("x-runner-uuid") != runner.Uuid || req.Header().Get("x-runner-token") != runner.Token {
			return nil, connect.NewError(connect.CodeUnauthenticated, errors.New("unregistered runner"))
		}
		return next(ctx, req)
	}
}

var errToken = errors.New("the token is not valid, or not valid any more")

// Answers with what `work` returns, as JSON.
func (s *server) answer(work func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		value, err := work(r)
		if errors.Is(err, errToken) {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(value)
	}
}

func (s *server) taskOf(r *http.Request) (*task, error) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	return s.task(id)
}

// The job that asks about itself. Gitea takes the job's token and the one of its runtime.
func (s *server) ownTask(r *http.Request) (*task, error) {
	sent := r.Header.Get("Authorization")
	for _, t := range s.tasks {
		isOwn := sent == "token "+t.token() || sent == "Bearer "+t.runtimeToken()
		if strconv.FormatInt(t.jobID(), 10) == r.PathValue("id") && isOwn && t.isRunning() {
			return t, nil
		}
	}
	return nil, errToken
}

// The log so far of the job that asks. Some have a hundred thousand rows, and other jobs wait meanwhile.
func (s *server) logOf(r *http.Request) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	t, err := s.ownTask(r)
	if err != nil {
		return "", err
	}
	var log strings.Builder
	for i, row := range t.Rows {
		log.WriteString(t.times[i].Format("2006-01-02T15:04:05.0000000Z") + " " + row + "\n")
	}
	return log.String(), nil
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	rpc := connect.WithInterceptors(connect.UnaryInterceptorFunc(s.withRunner))
	for _, service := range []func() (string, http.Handler){
		func() (string, http.Handler) { return pingv1connect.NewPingServiceHandler(s, rpc) },
		func() (string, http.Handler) { return runnerv1connect.NewRunnerServiceHandler(s, rpc) },
	} {
		path, handler := service()
		mux.Handle("/api/actions"+path, http.StripPrefix("/api/actions", handler))
	}

	mux.HandleFunc("GET /api/v1/version", s.answer(func(*http.Request) (any, error) {
		return map[string]string{"version": "1.27.0"}, nil
	}))
	mux.HandleFunc("GET /api/v1/repos/acme/widgets/actions/jobs/{id}", s.answer(func(r *http.Request) (any, error) {
		t, err := s.ownTask(r)
		if err != nil {
			return nil, err
		}
		return s.record(t), nil
	}))
	mux.HandleFunc("GET /api/v1/repos/acme/widgets/actions/jobs/{id}/logs", func(w http.ResponseWriter, r *http.Request) {
		log, err := s.logOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		http.ServeContent(w, r, "job.log", time.Time{}, strings.NewReader(log)) // takes ranges, as Gitea does
	})

	mux.HandleFunc("GET /test/runner", s.answer(func(*http.Request) (any, error) { return s.runner, nil }))
	mux.HandleFunc("POST /test/tasks", s.answer(func(r *http.Request) (any, error) {
		t := &task{ID: int64(len(s.tasks) + 1), queued: time.Now(), Result: "unspecified", Outputs: map[string]string{}, Steps: []step{}, Rows: []string{}}
		if err := json.NewDecoder(r.Body).Decode(&t.order); err != nil {
			return nil, err
		}
		s.tasks = append(s.tasks, t)
		return t, nil
	}))
	mux.HandleFunc("GET /test/tasks/{id}", s.answer(func(r *http.Request) (any, error) { return s.taskOf(r) }))
	mux.HandleFunc("POST /test/tasks/{id}/cancel", s.answer(func(r *http.Request) (any, error) {
		t, err := s.taskOf(r)
		if err == nil {
			t.Cancelled = true
		}
		return t, err
	}))
	return mux
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	s := &server{url: "http://" + listener.Addr().String(), registrationToken: os.Args[1]}
	go func() { log.Fatal(http.Serve(listener, s.routes())) }()
	fmt.Println(s.url)
	_, _ = io.Copy(io.Discard, os.Stdin)
}
