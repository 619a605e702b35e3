//! Projects whose templates a program writes: what to run where its output is not among the files.

use crate::model::Project;
use crate::source::{Problem, ProblemKind, SourceFile, Sources};

/// A kind of such projects.
struct Kind {
    /// The file that it is known by, from its folder.
    manifest: &'static str,
    /// Words that such a file holds, so that another tool's file of that name is not taken for it.
    holds: &'static [&'static str],
    /// Where in its folder the templates lie that are read in its place; `None`: nothing is.
    output: Option<&'static str>,
    /// What to say.
    advice: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        manifest: "cdk.json",
        holds: &["\"app\""],
        output: Some("cdk.out/"),
        advice: "the templates of this CDK app are not there and were not judged: run `cdk synth` and scan again",
    },
    Kind {
        manifest: "cdktf.json",
        holds: &["\"app\""],
        output: Some("cdktf.out/"),
        advice: "the stacks of this CDK for Terraform app were not judged: run `cdktf synth` and scan cdktf.out/stacks",
    },
    Kind {
        manifest: SAM_SETTINGS,
        holds: &[],
        output: Some(""),
        advice: "the template that it deploys is not there and was not judged; to judge a build, scan .aws-sam/build",
    },
    Kind { manifest: "serverless.ts", holds: SERVICE_WORDS, output: Some("serverless.yml"), advice: SERVICE },
    Kind { manifest: "serverless.js", holds: SERVICE_WORDS, output: Some("serverless.yml"), advice: SERVICE },
    Kind {
        manifest: ".chalice/config.json",
        holds: &["app_name"],
        output: Some(""),
        advice: "the template of this Chalice app is not there and was not judged: run `chalice package out`, scan out",
    },
    Kind {
        manifest: "Pulumi.yaml",
        holds: &["runtime"],
        output: None,
        advice: "Pulumi programs are not read: the resources of this project were not judged",
    },
    Kind {
        manifest: "sst.config.ts",
        holds: &["app("],
        output: None,
        advice: "SST apps are not read: the resources of this project were not judged",
    },
];

const SAM_SETTINGS: &str = "samconfig.toml";

const SERVICE_WORDS: &[&str] = &["service", "provider", "functions"];

const SERVICE: &str = "a service that is written as a program is not read: run `serverless package` and scan \
                       .serverless/cloudformation-template-update-stack.json";

/// One problem for each program among the walked files whose templates are not among the projects, in order.
pub fn problems(sources: &Sources, projects: &[Project]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, _) in sources.walked_under("") {
        let Some((kind, folder)) = KINDS.iter().find_map(|kind| Some((kind, folder(&path, kind.manifest)?))) else {
            continue;
        };
        let built = kind.output.is_some_and(|output| {
            let output = format!("{folder}{output}");
            projects.iter().any(|project| project.path.starts_with(&output))
        });
        if !built && sources.open(&path).is_ok_and(|file| kind.is_of(&file)) {
            problems.push(Problem::of_file(ProblemKind::Coverage, &path, kind.advice));
        }
    }
    problems
}

/// What stands before a manifest's name: nothing, or a folder with its `/`.
fn folder<'p>(path: &'p str, manifest: &str) -> Option<&'p str> {
    path.strip_suffix(manifest).filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

impl Kind {
    /// Whether a file of the name is what it seems; settings that name a template say where it lies.
    fn is_of(&self, file: &SourceFile) -> bool {
        let names_template = self.manifest == SAM_SETTINGS && file.text.contains("template");
        self.holds.iter().all(|word| file.text.contains(word)) && !names_template
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::infra::{self, Options};
    use crate::source::Sources;

    const TEMPLATE: &str = "{\"Resources\": {\"T\": {\"Type\": \"AWS::SNS::Topic\"}}}";

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let sources = Sources::in_memory(files.iter().copied());
        let (projects, _) = infra::read(&sources, &Options::default());
        let problems = problems(&sources, &projects);
        problems.iter().map(|problem| format!("{} {}", problem.path.as_deref().unwrap(), problem.message)).collect()
    }

    #[test]
    fn a_program_without_its_output_is_told_what_to_run() {
        let app = ("a/cdk.json", "{\"app\": \"npx ts-node bin/app.ts\"}");
        assert!(told(&[app])[0].starts_with("a/cdk.json the templates of this CDK app are not there"));
        assert_eq!(told(&[app, ("b/cdk.out/x.template.json", TEMPLATE)]).len(), 1);
        assert!(told(&[app, ("a/cdk.out/x.template.json", TEMPLATE)]).is_empty());
        assert!(told(&[("cdk.json", "{\"other\": 1}")]).is_empty());
        assert!(told(&[("mycdk.json", "{\"app\": 1}")]).is_empty());
    }

    #[test]
    fn each_kind_has_its_own_advice() {
        for (path, text, part) in [
            ("cdktf.json", "{\"app\": \"x\"}", "`cdktf synth`"),
            ("samconfig.toml", "[default.deploy.parameters]\nstack_name = 'x'", ".aws-sam/build"),
            ("s/serverless.ts", "export default { service: 'x', provider: {}, functions: {} }", "`serverless package`"),
            (".chalice/config.json", "{\"app_name\": \"x\"}", "`chalice package out`"),
            ("Pulumi.yaml", "name: x\nruntime: nodejs", "Pulumi"),
            ("sst.config.ts", "export default $config({ app(input) {} })", "SST"),
        ] {
            let said = told(&[(path, text)]);
            assert!(said.len() == 1 && said[0].contains(part), "{path}: {said:?}");
        }
        assert!(told(&[("samconfig.toml", "[x]"), ("template.json", TEMPLATE)]).is_empty());
        assert!(told(&[("samconfig.toml", "[x]\ntemplate_file = '../t.yaml'")]).is_empty());
        assert!(told(&[("src/serverless.ts", "export const provider = 1")]).is_empty());
    }
}
