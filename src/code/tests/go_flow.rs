//! Go: what is looked up in maps and slices, received from channels, called with type arguments or by a package.

use super::projects::{reached, scan};

const HEAD: &str = "package main\nimport (\n\t\"github.com/aws/aws-sdk-go-v2/aws\"\n\t\"github.com/aws/aws-sdk-go-v2/credentials/stscreds\"\n\t\"github.com/aws/aws-sdk-go-v2/service/sns\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"github.com/graphql-go/graphql\"\n)\nvar client = sns.NewFromConfig(cfg)\nfunc put() { client.Publish(ctx, &sns.PublishInput{}) }\nfunc list() { client.ListTopics(ctx, &sns.ListTopicsInput{}) }\ntype Handler interface { Handle() }\ntype Put struct{}\nfunc (p *Put) Handle() { put() }\ntype List struct{}\nfunc (l *List) Handle() { list() }\n";

#[track_caller]
fn reaches(body: &str, expected: &[&str]) {
    let source = format!("{HEAD}{body}\nfunc main() {{ lambda.Start(handle) }}\n");
    let files = [("fn/main.go", source.as_str()), ("fn/go.mod", "module shop\n")];
    let code = scan(&files, &[("Fn", "provided.al2023", "bootstrap", "fn")]);
    let mut calls = reached(&code, "Fn").2;
    calls.dedup();
    assert_eq!(calls, expected, "{body}");
}

#[test]
fn what_maps_and_slices_hold_is_called_where_it_is_looked_up() {
    for body in [
        "var hs = map[string]Handler{\"a\": &Put{}}\nfunc handle(e map[string]string) { hs[e[\"x\"]].Handle() }",
        "var hs = map[string]*Put{\"a\": &Put{}}\nfunc handle(e map[string]string) { hs[e[\"x\"]].Handle() }",
        "const kind = \"a\"\nvar hs = map[string]*Put{kind: &Put{}}\nfunc handle() { hs[\"a\"].Handle() }",
        "var hs = []*Put{&Put{}}\nfunc handle(i int) { hs[i].Handle() }",
        "type R struct { m map[string]Handler }\nfunc NewR() *R { return &R{m: map[string]Handler{\"a\": &Put{}}} }\nfunc handle(k string) { h, ok := NewR().m[k]; if ok { h.Handle() } }",
        "type R struct { m map[string]Handler }\nfunc (r *R) add(k string, h Handler) { r.m[k] = h }\nfunc handle(k string) { r := &R{m: map[string]Handler{}}; r.add(\"a\", &Put{}); r.m[k].Handle() }",
        "func handle(k string) { hs := map[string]*Put{}; hs[\"a\"] = &Put{}; hs[k].Handle() }",
        "func handle() { hs := map[string]*Put{\"a\": {}}; for _, h := range hs { h.Handle() } }",
        "var fs = map[string]func(){\"a\": func() { put() }}\nfunc handle(k string) { fs[k]() }",
        "var fs = map[string]func(){\"a\": put}\nfunc handle(k string) { if f, ok := fs[k]; ok { f() } }",
        "func handle(k string) { fs := []func(string){func(s string) { put() }}; fs[0](k) }",
    ] {
        reaches(body, &["sns:Publish"]);
    }
    // What is put into a map says more than the map's type.
    reaches(
        "var cache = map[string]*sns.Client{}\nfunc of(base aws.Config, k string) *sns.Client { if cache[k] != nil { return cache[k] }; base.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(nil, k)); c := sns.NewFromConfig(base); cache[k] = c; return c }\nfunc handle(k string) { of(cfg, k).Publish(ctx, &sns.PublishInput{}) }",
        &["sts:AssumeRole RoleArn=?"],
    );
    // A key that is known means one of them.
    reaches(
        "func handle() { hs := map[string]Handler{\"a\": &Put{}, \"b\": &List{}}; hs[\"a\"].Handle() }",
        &["sns:Publish"],
    );
    reaches("func handle() { hs := []Handler{&Put{}, &List{}}; hs[1].Handle() }", &["sns:ListTopics"]);
}

#[test]
fn what_channels_give_is_of_their_type() {
    for body in [
        "func work(jobs chan *Put) { for j := range jobs { j.Handle() } }\nfunc handle() { ch := make(chan *Put); go work(ch) }",
        "func work(jobs <-chan *Put) { j := <-jobs; j.Handle() }\nfunc handle() { ch := make(chan *Put, 1); go work(ch) }",
        "func handle() { ch := make(chan *Put); select { case j, ok := <-ch: j.Handle() } }",
    ] {
        reaches(body, &["sns:Publish"]);
    }
}

#[test]
fn calls_with_type_arguments_are_calls() {
    for body in [
        "func Save[T any](x T) { put() }\nfunc handle() { Save[int](1) }",
        "type E struct { A string }\nfunc Save[T any](x T) { put() }\nfunc handle() { Save[E](E{}) }",
        "func Save[T any](x T, y int) { put() }\nfunc handle() { Save[int](1, 2) }",
        "type Repo[T any] struct { c *sns.Client }\nfunc NewRepo[T any](c *sns.Client) *Repo[T] { return &Repo[T]{c: c} }\nfunc (r *Repo[T]) Put(x T) { r.c.Publish(ctx, &sns.PublishInput{}) }\nfunc handle() { NewRepo[int](client).Put(1) }",
        "func run[T any](e T) { put() }\nfunc handle(k string) { f := run[string]; f(k) }",
    ] {
        reaches(body, &["sns:Publish"]);
    }
    // A conversion calls nothing.
    reaches("type List2[T any] []T\nfunc handle(xs []int) { ys := List2[int](xs); ys.put() }", &[]);
}

#[test]
fn a_package_calls_the_functions_in_the_fields_of_its_structs() {
    reaches(
        "func handle() { f := &graphql.Field{Resolve: func(p graphql.ResolveParams) (any, error) { put(); return nil, nil }}; graphql.Do(f) }",
        &["sns:Publish"],
    );
    // The project's own struct is called where its field is.
    reaches(
        "type Deps struct { Save, All func() }\nfunc handle() { d := Deps{Save: func() { put() }, All: func() { list() }}; d.Save() }",
        &["sns:Publish"],
    );
}
