//! Java: members that no source declares, and values of enums, switches and static imports.

use super::projects::{reached, scan};
use crate::model::CodeState;

const HEAD: &str = "package shop;\nimport software.amazon.awssdk.services.sns.SnsClient;\nimport lombok.*;\n";
const DB: &str = "package shop;\nimport software.amazon.awssdk.services.sns.SnsClient;\npublic class Db {\n  static SnsClient sns = SnsClient.create();\n  public static final String TOPIC = \"t\";\n  public static void put() { sns.publish(b -> b.topicArn(\"t\")); }\n  public static void list() { sns.listTopics(); }\n}\nclass Other { void go() { Db.put(); } }\nfinal class Second<T> extends Other {}\n";

#[track_caller]
fn reaches(imports: &str, body: &str, expected: &[&str]) {
    let app = format!("{HEAD}{imports}public class App {{\n{body}\n}}\n");
    let files = [("src/main/java/shop/App.java", app.as_str()), ("src/main/java/shop/Db.java", DB)];
    let code = scan(&files, &[("Fn", "java21", "shop.App::handle", "")]);
    let mut calls = reached(&code, "Fn").2;
    calls.dedup();
    assert_eq!(calls, expected, "{body}");
}

const PUT: &[&str] = &["sns:Publish TopicArn=t"];

#[test]
fn readers_and_builders_that_lombok_makes_give_what_fields_hold() {
    let repo = "static class Repo { void save() { Db.put(); } void all() { Db.list(); } }\n";
    for body in [
        "@Getter static class Svc { private final Repo repo = new Repo(); }\nSvc s = new Svc();\npublic void handle(String e) { s.getRepo().save(); }",
        "@Data static class Svc { private Repo repo; }\npublic void handle(Svc s) { s.getRepo().save(); }",
        "@Accessors(fluent = true) @Getter static class Svc { private Repo repo; }\npublic void handle(Svc s) { s.repo().save(); }",
        "@Builder static class Svc { int n; void save() { Db.put(); } }\npublic void handle(String e) { Svc.builder().n(1).build().save(); }",
        "@Builder static class Svc { Repo repo; void save() { repo.save(); } }\npublic void handle(String e) { Svc.builder().repo(new Repo()).build().save(); }",
        "@Builder(toBuilder = true) @With static class Svc { int n; void save() { Db.put(); } }\npublic void handle(Svc s) { s.toBuilder().n(2).build().withN(1).save(); }",
    ] {
        reaches("", &format!("{repo}{body}"), PUT);
    }
    // A method that is written stands before the field.
    reaches(
        "",
        &format!(
            "{repo}static class Svc {{ Repo repo; Other getRepo() {{ return new Other(); }} }}\nstatic class Other {{ void save() {{ Db.list(); }} }}\npublic void handle(Svc s) {{ s.getRepo().save(); }}"
        ),
        &["sns:ListTopics"],
    );
}

#[test]
fn constants_of_enums_have_bodies() {
    let op = "enum Op { PUT { void run() { Db.put(); } }, LIST { void run() { Db.list(); } }; abstract void run(); }\n";
    for call in ["Op.valueOf(e).run();", "for (Op op : Op.values()) { op.run(); }"] {
        reaches("", &format!("{op}public void handle(String e) {{ {call} }}"), &[PUT[0], "sns:ListTopics"]);
    }
    let with = "enum Op { PUT(new Step()); private final Step step; Op(Step step) { this.step = step; } }\nstatic class Step { void run() { Db.put(); } }\n";
    reaches("", &format!("{with}public void handle(String e) {{ Op.valueOf(e).step.run(); }}"), PUT);
}

#[test]
fn static_imports_of_all_bring_methods_and_constants() {
    let import = "import static shop.Db.*;\n";
    reaches(import, "public void handle(String e) { put(); }", PUT);
    reaches(
        import,
        "SnsClient own = SnsClient.create();\npublic void handle(String e) { own.publish(b -> b.topicArn(TOPIC)); }",
        PUT,
    );
    // What the class itself has stands before it.
    reaches(import, "void put() { Db.list(); }\npublic void handle(String e) { put(); }", &["sns:ListTopics"]);
}

#[test]
fn a_switch_is_what_its_rules_give() {
    let steps = "static class A { void go() { Db.put(); } }\nstatic class B { void go() { } }\n";
    for body in [
        "public void handle(String e) { var h = switch (e) { case \"a\" -> new A(); default -> new B(); }; h.go(); }",
        "public void handle(String e) { var h = switch (e) { case \"a\": yield new A(); default: { yield new B(); } }; h.go(); }",
        "Object of(String e) { return switch (e) { case \"a\" -> { int n = 1; yield new A(); } default -> throw new Error(); }; }\npublic void handle(String e) { ((A) of(e)).go(); }",
        "public void handle(Object e) { switch (e) { case A a when a != null -> a.go(); default -> {} } }",
        "public void handle(String e) { switch (e) { case \"a\": new A().go(); break; default: new B().go(); } }",
    ] {
        reaches("", &format!("{steps}{body}"), PUT);
    }
}

#[test]
fn a_second_class_of_another_file_is_found() {
    reaches("", "public void handle(String e) { new Other().go(); }", PUT);
    reaches("", "public void handle(String e) { new Second<String>().go(); }", PUT);
}

#[test]
fn a_method_that_nobody_wrote_is_a_doubt() {
    let state = |body: &str| {
        let app = format!("{HEAD}public class App {{\n{body}\n}}\n");
        let code = scan(&[("src/main/java/shop/App.java", &app)], &[("Fn", "java21", "shop.App::handle", "")]);
        reached(&code, "Fn").0
    };
    assert_eq!(
        state("static class Svc { @Delegate Repo repo; }\npublic void handle(Svc s) { s.save(); }"),
        CodeState::Partly("the method save of Svc is not in the project".into())
    );
    for body in [
        "@Data static class Svc { String name; }\npublic void handle(Svc s) { s.setName(s.getName()); s.toString(); s.isOpen(); }",
        "static class Svc extends RuntimeException { }\npublic void handle(Svc s) { s.printStackTrace(); }",
        "@Builder static class Svc { String name; }\npublic void handle(String e) { Svc.builder().name(e).build(); }",
    ] {
        assert_eq!(state(body), CodeState::Read, "{body}");
    }
}
