//! Tokens that libraries sign for databases, and the extension that fetches parameters and secrets, in every language.

use super::check;

#[test]
fn tokens_for_databases_are_signed_in_every_sdk() {
    for (path, source, expected) in [
        (
            "a.py",
            "import boto3\nboto3.client('rds').generate_db_auth_token(DBHostname='h', Port=1, DBUsername='u')\nboto3.client('dsql').generate_db_connect_admin_auth_token('h', 'eu-west-1')\n",
            vec!["2 rds:GenerateDBAuthToken DBHostname=h DBUsername=u", "3 dsql:GenerateDBConnectAdminAuthToken"],
        ),
        (
            "a.mjs",
            "import { Signer } from '@aws-sdk/rds-signer';\nimport { DsqlSigner } from '@aws-sdk/dsql-signer';\nconst signer = new Signer({ hostname: 'h' });\nexport const run = async () => {\n  await signer.getAuthToken();\n  await new DsqlSigner({ hostname: 'h' }).getDbConnectAuthToken();\n};\n",
            vec!["5 rds:GenerateDBAuthToken", "6 dsql:GenerateDBConnectAuthToken"],
        ),
        (
            "a.go",
            "package main\nimport (\n\trds \"github.com/aws/aws-sdk-go-v2/feature/rds/auth\"\n\t\"github.com/aws/aws-sdk-go-v2/feature/dsql/auth\"\n)\nfunc run() {\n\trds.BuildAuthToken(ctx, \"h:1\", \"eu-west-1\", \"u\", cfg.Credentials)\n\tauth.GenerateDBConnectAdminAuthToken(ctx, \"h\", \"eu-west-1\", cfg.Credentials)\n}\n",
            vec!["7 rds:GenerateDBAuthToken", "8 dsql:GenerateDBConnectAdminAuthToken"],
        ),
        (
            "src/main/java/a/A.java",
            "package a;\nimport software.amazon.awssdk.services.rds.RdsUtilities;\nimport software.amazon.awssdk.services.dsql.DsqlClient;\nclass A {\n  void run(DsqlClient client) {\n    RdsUtilities tokens = RdsUtilities.builder().build();\n    tokens.generateAuthenticationToken(t -> t.hostname(\"h\"));\n    client.utilities().generateDbConnectAdminAuthToken(t -> t.hostname(\"h\"));\n  }\n}\n",
            vec!["7 rds:GenerateDBAuthToken", "8 dsql:GenerateDBConnectAdminAuthToken"],
        ),
        (
            "src/main.rs",
            "use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};\nasync fn run(cfg: &aws_config::SdkConfig) {\n    let generator = AuthTokenGenerator::new(Config::builder().build().unwrap());\n    let token = generator.auth_token(cfg).await.unwrap();\n}\n",
            vec!["4 rds:GenerateDBAuthToken"],
        ),
    ] {
        check(&[(path, source)], &expected);
    }
}

#[test]
fn the_extension_fetches_with_the_role_of_the_function() {
    let python = "import urllib.request, os\nport = os.environ['PORT']\ndef run(name):\n  urllib.request.urlopen('http://localhost:2773/secretsmanager/get?secretId=shop&x=1')\n  urllib.request.urlopen(f'http://localhost:{port}/systemsmanager/parameters/get?name={name}')\n";
    check(
        &[("a.py", python)],
        &[
            "4 secretsmanager:GetSecretValue SecretId=shop",
            "4 http http://localhost:2773/secretsmanager/get?secretId=shop&x=1",
            "5 ssm:GetParameter Name=?",
            "5 http http://localhost:*",
        ],
    );
    let java = "package a;\nimport java.net.URI;\nimport java.net.http.*;\nclass A {\n  void run() {\n    HttpRequest.newBuilder().uri(URI.create(\"http://localhost:2773/systemsmanager/parameters/get/?name=%2Fshop%2Fkey&withDecryption=true\")).build();\n  }\n}\n";
    check(
        &[("src/main/java/a/A.java", java)],
        &[
            "6 ssm:GetParameter Name=/shop/key",
            "6 http http://localhost:2773/systemsmanager/parameters/get/?name=%2Fshop%2Fkey&withDecryption=true",
        ],
    );
}
