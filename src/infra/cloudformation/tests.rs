//! CloudFormation templates as they are evaluated: functions, conditions, parameters.

use super::{Inputs, Template, evaluate_template, evaluate_with};
use crate::infra::{Context, Options};
use crate::model::{CodeSource, Presence};
use crate::source::Sources;
use crate::syntax::{Entry, Node, UnknownKind, Value, yaml};

/// A node on one line: strings in quotes, references as `<id.attribute>`, unknowns as `?kind(what)`.
fn print(node: &Node) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match &node.value {
        Value::Null => "null".into(),
        Value::Absent => "absent".into(),
        Value::String(text) => format!("'{text}'"),
        Value::Number(_) | Value::Bool(_) => node.as_text().unwrap().into(),
        Value::List(items) => format!("[{}]", list(items.iter().map(print).collect())),
        Value::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key, print(&entry.value));
            format!("{{{}}}", list(entries.iter().map(entry).collect()))
        }
        Value::Template(parts) => format!("`{}`", parts.iter().map(ToString::to_string).collect::<String>()),
        Value::Either { condition, then, otherwise } => {
            format!("({condition} ? {} : {})", print(then), print(otherwise))
        }
        Value::Unknown(unknown) => format!("?{:?}({})", unknown.kind, unknown.what),
    }
}

const HEAD: &str = "
Parameters:
  Known: {Type: String, Default: value}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Given: {Type: String}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /image}
  Empty: {Type: String, Default: ''}
  Block: {Type: String, Default: 10.1.0.0/16}
  Stage: {Type: String, AllowedValues: [dev, prod]}
  One: {Type: String, AllowedValues: [yes-only]}
  Hidden: {Type: String, NoEcho: 'true', Default: open sesame}
Mappings:
  Map:
    one: {k: v1, same: s, l: [x, y]}
    two: {k: v2, same: s}
    NO: {on: norway, same: s}
Conditions:
  Holds: !Equals [!Ref Known, value]
  Fails: !Not [{Condition: Holds}]
  Maybe: !Equals [!Ref Given, x]
  MaybeNot: !Not [!Condition Maybe]
  Same: !Equals [!Ref Given, !Ref Given]
  AndFalse: !And [!Condition Maybe, !Condition Fails]
  OrTrue: !Or [!Condition Maybe, !Condition Holds]
  OrMaybe: !Or [!Condition Maybe, !Condition Fails]
  Looped: !Not [!Condition Looped]
  Among: !Equals [!Ref Stage, test]
  Only: !Equals [yes-only, !Ref One]
  Shown: !Equals [!Ref Hidden, open sesame]
Resources:
  Bucket: {Type: 'AWS::S3::Bucket'}
";

fn evaluated(text: &str, options: &Options, inputs: &Inputs) -> (Template, Sources) {
    let sources = Sources::in_memory([
        ("app/t.yaml", text),
        ("app/part.yaml", "Included: {Ref: Known}\nMore: 1\n"),
        ("app/more.json", "{\"Extra\": {\"Type\": \"AWS::SNS::Topic\"}}"),
    ]);
    let file = sources.open("app/t.yaml").unwrap();
    let (node, problems) = yaml::parse(&file);
    assert_eq!(problems, [], "{text}");
    let template = evaluate_with(&Context { sources: &sources, options }, &file, &node.unwrap(), inputs);
    (template, sources)
}

/// The value of one property `P` under [`HEAD`].
fn property(value: &str) -> String {
    let text = format!("{HEAD}  It:\n    Type: A::B::C\n    Properties:\n      P: {value}\n");
    let (template, _) = evaluated(&text, &Options::default(), &Inputs::default());
    template.resources.last().unwrap().properties.get("P").map(print).unwrap_or_default()
}

#[test]
fn functions() {
    for (text, expected) in [
        ("!Ref Known", "'value'"),
        ("!Ref Count", "3"),
        ("!Ref Names", "['a', 'b', 'c']"),
        ("!Ref Given", "?Parameter(Given)"),
        ("!Ref Image", "?Dynamic(SSM parameter /image)"),
        ("!Ref Empty", "''"),
        ("!Ref AWS::Region", "?Pseudo(AWS::Region)"),
        ("!Ref AWS::NoValue", "absent"),
        ("[1, !Ref AWS::NoValue, 2]", "[1, 2]"),
        ("!Ref Bucket", "`${Bucket}`"),
        ("!GetAtt Bucket.Arn", "`${Bucket.Arn}`"),
        ("{Fn::GetAtt: Bucket.Arn}", "`${Bucket.Arn}`"),
        ("!GetAtt [Bucket, !Ref Known]", "`${Bucket.value}`"),
        ("!Sub '${Known}-${Count}'", "'value-3'"),
        ("!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/${!Known}'", "`arn:${AWS::Partition}:s3:::${Bucket}/${Known}`"),
        ("!Sub ['${a}/${b}', {a: !GetAtt Bucket.Arn, b: !Ref Known}]", "`${Bucket.Arn}/value`"),
        ("!Sub '${Given}'", "?Parameter(Given)"),
        ("!Sub '${Bucket.Arn}'", "`${Bucket.Arn}`"),
        ("!Join ['-', [a, !Ref Known, !Ref Count, !Ref AWS::NoValue]]", "'a-value-3'"),
        ("!Join [',', !Ref Names]", "'a,b,c'"),
        ("!Join ['', [a, !Ref Given]]", "`a${Given}`"),
        ("!Join [',', !Ref Given]", "?Parameter(Given)"),
        ("!Select [1, !Ref Names]", "'b'"),
        ("!Select ['2', !Split ['/', 'x/y/z']]", "'z'"),
        ("!Select [9, [a]]", "?Expression(Fn::Select beyond the end of its list)"),
        ("!Split ['/', !GetAtt Bucket.Arn]", "?Expression(Fn::Split of ${Bucket.Arn})"),
        ("!FindInMap [Map, one, k]", "'v1'"),
        ("!FindInMap [Map, NO, on]", "'norway'"),
        ("!FindInMap [Map, one, l]", "['x', 'y']"),
        ("!FindInMap [Map, !Ref AWS::Region, k]", "?Lookup(Map.${AWS::Region}.k)"),
        ("!FindInMap [Map, three, k]", "?Lookup(Map.three.k)"),
        ("{Fn::FindInMap: [Map, three, k, {DefaultValue: d}]}", "'d'"),
        ("!If [Holds, a, b]", "'a'"),
        ("!If [Fails, a, b]", "'b'"),
        ("!If [Maybe, a, b]", "(Maybe ? 'a' : 'b')"),
        ("!If [Maybe, a, !Ref AWS::NoValue]", "(Maybe ? 'a' : absent)"),
        ("!If [Maybe, !If [Maybe, a, b], !If [Maybe, c, d]]", "(Maybe ? 'a' : 'd')"),
        ("!If [Maybe, !If [MaybeNot, a, b], !If [OrMaybe, c, d]]", "(Maybe ? 'b' : 'd')"),
        ("!If [MaybeNot, a, !If [Maybe, b, c]]", "(Maybe ? 'b' : 'a')"),
        ("!If [Maybe, a, a]", "'a'"),
        ("[!If [Fails, a, !Ref AWS::NoValue], b]", "['b']"),
        ("!Sub ['${x}!', {x: !If [Maybe, a, b]}]", "(Maybe ? 'a!' : 'b!')"),
        ("!Join ['-', [!If [Maybe, a, !Ref AWS::NoValue], !If [Maybe, b, c]]]", "(Maybe ? 'a-b' : 'c')"),
        ("!If [AndFalse, a, b]", "'b'"),
        ("!If [OrTrue, a, b]", "'a'"),
        ("!If [OrMaybe, a, b]", "(OrMaybe ? 'a' : 'b')"),
        ("!If [MaybeNot, a, b]", "(Maybe ? 'b' : 'a')"),
        ("!If [Same, a, b]", "'a'"),
        ("!Base64 {Fn::Sub: 'x${Known}'}", "'xvalue'"),
        ("!ImportValue {Fn::Sub: '${AWS::StackName}-vpc'}", "?Import(${AWS::StackName}-vpc)"),
        ("!GetAZs ''", "?Lookup(Fn::GetAZs)"),
        ("!Cidr [10.0.0.0/16, 2, 8]", "['10.0.0.0/24', '10.0.1.0/24']"),
        ("!Select [1, !Cidr [!Ref Block, !Ref Count, '8']]", "'10.1.1.0/24'"),
        ("!Cidr [!GetAtt Bucket.CidrBlock, 2, 8]", "?Expression(Fn::Cidr of ${Bucket.CidrBlock})"),
        ("!Cidr [!Ref Given, 2, 8]", "?Parameter(Given)"),
        ("!FindInMap [Map, !Ref AWS::Region, same]", "'s'"),
        ("!FindInMap [Map, !If [Maybe, one, two], k]", "(Maybe ? 'v1' : 'v2')"),
        ("!FindInMap [Given, one, k]", "?Lookup(Given.one.k)"),
        ("!Length {Fn::If: [Maybe, [a], [a, b]]}", "(Maybe ? 1 : 2)"),
        ("!Length [a, !If [Fails, b, !Ref AWS::NoValue]]", "1"),
        (
            "!ToJsonString {a: !If [Maybe, 1, !Ref AWS::NoValue], b: [!If [MaybeNot, x, y]]}",
            "(Maybe ? '{\"a\":1,\"b\":[\"y\"]}' : '{\"b\":[\"x\"]}')",
        ),
        ("!If [Among, a, b]", "'b'"),
        ("!If [Only, a, b]", "'a'"),
        ("!Ref Hidden", "?Withheld(Hidden)"),
        ("!Sub 'p=${Hidden}'", "`p=${Hidden}`"),
        ("!If [Shown, a, b]", "'a'"),
        ("!Length [a, b]", "2"),
        ("!ToJsonString {a: [1, !Ref Bucket, 'q\"'], b: !Ref AWS::NoValue}", "`{\"a\":[1,\"${Bucket}\",\"q\\\"\"]}`"),
        ("'{{resolve:secretsmanager:s}}'", "?Dynamic(resolve:secretsmanager:s)"),
        ("!Sub 'u:{{resolve:ssm:${Known}:1}}@h'", "`u:${resolve:ssm:value:1}@h`"),
        ("{Ref: x, Other: y}", "{Ref: 'x', Other: 'y'}"),
        (
            "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./part.yaml}}, Own: 2}",
            "{Included: 'value', More: 1, Own: 2}",
        ),
        ("{Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}", "?File(s3://b/k)"),
        ("{Fn::ForEach::L: [N, [a, b-c], {'k&{N}': '${N}!'}]}", "{ka: 'a!', kbc: 'b-c!'}"),
        ("{Fn::ForEach::L: [N, !Ref Names, {'${N}': !Ref N}]}", "{a: 'a', b: 'b', c: 'c'}"),
    ] {
        assert_eq!(property(text), expected, "{text}");
    }
}

#[test]
fn deployment_settings() {
    let text = format!(
        "{HEAD}  It:\n    Type: T\n    Properties: {{P: !Sub '${{AWS::Region}}/${{AWS::Partition}}/${{Given}}'}}\n"
    );
    let printed = |options: &Options, inputs: &Inputs| {
        let (template, _) = evaluated(&text, options, inputs);
        print(template.resources[1].properties.get("P").unwrap())
    };
    let mut options = Options { region: Some("cn-north-1".into()), ..Options::default() };
    assert_eq!(printed(&options, &Inputs::default()), "`cn-north-1/aws-cn/${Given}`");
    let mut inputs = Inputs::default();
    let file = Sources::in_memory([("x", "")]).open("x").unwrap();
    let span = crate::source::Span::start_of(file.id);
    inputs.parameters.insert("Given".into(), Node::string("in", span));
    assert_eq!(printed(&options, &inputs), "'cn-north-1/aws-cn/in'");
    options.parameters.insert("Given".into(), "cli".into());
    assert_eq!(printed(&options, &inputs), "'cn-north-1/aws-cn/cli'");
    // The command line speaks of the root only.
    inputs.nested = true;
    assert_eq!(printed(&options, &inputs), "'cn-north-1/aws-cn/in'");
}

#[test]
fn resources_and_conditions() {
    let text = format!(
        "{HEAD}  Off: {{Type: T, Condition: Fails}}
  Sure: {{Type: T, Condition: Holds}}
  Perhaps: {{Type: T, Condition: Maybe, DependsOn: Bucket, Properties: {{P: !If [Maybe, a, b]}}}}
  Untyped: {{Properties: {{}}}}
  Stray: {{Type: T, Properties: {{P: !Ref Nothing, Q: !If [Nope, a, b]}}}}
  Fn::ForEach::Topics: [T, [x, y], {{'Topic${{T}}': {{Type: 'AWS::SNS::Topic', Properties: {{N: !Sub 't-${{T}}'}}}}}}]
  Fn::ForEach::Many: [U, !Ref Given, {{'Many${{U}}': {{Type: 'AWS::SNS::Topic', Properties: {{N: !Ref U}}}}}}]
  Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: more.json}}}}
Outputs:
  A: {{Value: !GetAtt Bucket.Arn, Export: {{Name: !Sub 'x-${{Known}}'}}}}
  B: {{Value: b, Condition: Fails}}
  C: {{Value: c, Condition: Maybe}}
"
    );
    let (template, sources) = evaluated(&text, &Options::default(), &Inputs::default());
    let ids: Vec<&str> = template.resources.iter().map(|resource| &*resource.id).collect();
    assert_eq!(ids, ["Bucket", "Sure", "Perhaps", "Stray", "Topicx", "Topicy", "Many${U}", "Extra"]);
    let resource = |id: &str| template.resources.iter().find(|resource| &*resource.id == id).unwrap();
    assert_eq!(resource("Perhaps").presence, Presence::Possible("Maybe".into()));
    assert_eq!(print(&resource("Perhaps").properties), "{P: 'a'}");
    assert_eq!(print(&template.attributes["Perhaps"]), "{DependsOn: 'Bucket'}");
    assert_eq!(print(&resource("Topicy").properties), "{N: 't-y'}");
    assert_eq!(resource("Many${U}").presence, Presence::Possible("the loop over U".into()));
    assert_eq!(print(&resource("Many${U}").properties), "{N: ?Parameter(U)}");
    assert_eq!(&*sources.location(resource("Extra").span).path, "app/more.json");
    assert_eq!(
        print(&template.outputs),
        "{A: {Value: `${Bucket.Arn}`, Export: {Name: 'x-value'}}, C: {Value: ?Condition(Maybe), Condition: 'Maybe'}}"
    );
    let problems: Vec<&str> = template.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        problems,
        [
            "condition `Looped` depends on itself",
            "resource `Untyped` has no `Type`; it was not judged",
            "there is no condition `Nope` in this template",
        ]
    );
    assert_eq!(template.conditions["OrTrue"], Some(true));
    assert_eq!(template.conditions["Looped"], None);
}

#[test]
fn names_that_nothing_declares_are_said() {
    let text = "Resources:\n  A:\n    Type: T\n    Properties: {P: !Ref Nothing}\n";
    let (template, _) = evaluated(text, &Options::default(), &Inputs::default());
    assert_eq!(template.problems[0].message, "`Nothing` is neither a parameter nor a resource of this template");
    assert_eq!(template.problems[0].line, Some(4));
    // The transform makes resources of its own.
    let (template, _) =
        evaluated(&format!("Transform: AWS::Serverless-2016-10-31\n{text}"), &Options::default(), &Inputs::default());
    assert!(template.is_sam() && template.problems.is_empty());
    let (template, _) = evaluated(&format!("Transform: [Mine]\n{text}"), &Options::default(), &Inputs::default());
    assert!(template.problems[0].message.starts_with("the macro `Mine` changes"));
}

#[test]
fn values_point_at_where_they_are_used() {
    let text = format!(
        "{HEAD}  It:\n    Type: T\n    Properties:\n      P: !Ref Known\n      Q: !Sub |\n        a\n        b\n"
    );
    let (template, _) = evaluated(&text, &Options::default(), &Inputs::default());
    let properties = &template.resources[1].properties;
    assert_eq!(&text[properties.get("P").unwrap().span.range()], "!Ref Known");
    assert_eq!(&text[properties.get("Q").unwrap().span.range()], "a\n        b");
    assert_eq!(&text[template.resources[1].span.range()], "It");
}

#[test]
fn nested_names_carry_their_prefix() {
    let text = format!(
        "{HEAD}  It:\n    Type: T\n    Properties: {{P: [!Ref Bucket, !If [Maybe, !Sub '${{Bucket.Arn}}', b]]}}\n"
    );
    let inputs = Inputs { prefix: "Net/".into(), ..Inputs::default() };
    let (template, _) = evaluated(&text, &Options::default(), &inputs);
    let it = &template.resources[1];
    assert_eq!((&*it.id, &*it.name), ("Net/It", "It"));
    assert_eq!(print(&it.properties), "{P: [`${Net/Bucket}`, (Net/Maybe ? `${Net/Bucket.Arn}` : 'b')]}");
}

#[test]
fn code_of_functions() {
    for (body, expected) in [
        ("Properties: {Code: ./src}", "Local app/src"),
        ("Properties: {Code: ../lib/f.py}", "Local lib/f.py"),
        ("Properties: {Code: ../../x}", "Elsewhere the code is at ../../x"),
        ("Properties: {Code: 's3://b/k'}", "Elsewhere the code is at s3://b/k"),
        ("Properties: {Code: {S3Bucket: b, S3Key: k}}", "Elsewhere the code is in the bucket b"),
        ("Properties: {Code: {ImageUri: !Ref Given}}", "Elsewhere the code is in the image ${Given}"),
        ("Properties: {Code: {ZipFile: 'x'}}", "Inline x"),
        ("Properties: {}", "Elsewhere the function has no code"),
        ("Metadata: {'aws:asset:path': asset.1}, Properties: {Code: {S3Bucket: b}}", "Local app/asset.1"),
    ] {
        let text = format!("{HEAD}  F: {{Type: 'AWS::Lambda::Function', {body}}}\n");
        let (template, _) = evaluated(&text, &Options::default(), &Inputs::default());
        let code = match &template.resources[1].code {
            CodeSource::None => "None".into(),
            CodeSource::Local { path, .. } => format!("Local {path}"),
            CodeSource::Inline(node) => format!("Inline {node}"),
            CodeSource::Elsewhere(why) => format!("Elsewhere {why}"),
            CodeSource::Unknown(why) => format!("Unknown {why}"),
        };
        assert_eq!(code, expected, "{body}");
    }
}

#[test]
fn hostile_templates_end() {
    let chain: String = (0..5_000).map(|at| format!("  C{at}: !Not [!Condition C{}]\n", at + 1)).collect();
    let deep = format!("{}x{}", "{Fn::Base64: ".repeat(240), "}".repeat(240));
    let text = format!(
        "Conditions:\n{chain}  C5000: !Equals [a, a]\nResources:\n  A: {{Type: T, Condition: C0, Properties: {{P: {deep}}}}}\n"
    );
    let (template, _) = evaluated(&text, &Options::default(), &Inputs::default());
    assert_eq!(template.resources.len(), 1);

    let body: String = (0..20_000).map(|at| format!("      P{at}: !Sub '${{A}}${{A}}'\n")).collect();
    let text = format!(
        "Parameters: {{A: {{Type: String, Default: {}}}}}\nResources:\n  R:\n    Type: T\n    Properties:\n{body}",
        "x".repeat(100_000)
    );
    let (template, _) = evaluated(&text, &Options::default(), &Inputs::default());
    assert!(template.problems.iter().any(|problem| problem.message.contains("expands to more than")));
    let last = template.resources[0].properties.get("P19999").unwrap().as_unknown().unwrap();
    assert_eq!(last.kind, UnknownKind::Limit);
    let sources = Sources::in_memory([("t.yaml", "[]")]);
    let file = sources.open("t.yaml").unwrap();
    let context = Context { sources: &sources, options: &Options::default() };
    assert!(evaluate_template(&context, &file, &yaml::parse(&file).0.unwrap()).resources.is_empty());
}
