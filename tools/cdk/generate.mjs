// Writes the cloud assemblies under fixtures/: `npm ci && node generate.mjs`.
//
// Three small apps of our own: two stacks that hand a table over, a stack in a stack, and two stages.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as cdk from "aws-cdk-lib";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sns from "aws-cdk-lib/aws-sns";
import * as sqs from "aws-cdk-lib/aws-sqs";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, "..", "..", "fixtures");

function app(name, context = {}) {
  const outdir = join(fixtures, name, "cdk.out");
  rmSync(outdir, { recursive: true, force: true });
  // The rule on the bootstrap stack is prose of the kit's authors.
  const defaultStackSynthesizer = new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
  return new cdk.App({ outdir, analyticsReporting: false, treeMetadata: false, context, defaultStackSynthesizer });
}

// Writes the assembly without what is the kit's own prose or names this machine: feature flags, reports, traces.
function synth(cdkApp) {
  cdkApp.synth();
  for (const entry of readdirSync(cdkApp.outdir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name === "validation-report.json") {
      rmSync(path);
    } else if (entry.name === "manifest.json") {
      const manifest = JSON.parse(readFileSync(path, "utf8"));
      delete manifest.artifacts["aws-cdk-lib/feature-flag-report"];
      writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    } else if (entry.name.endsWith(".metadata.json")) {
      const metadata = JSON.parse(readFileSync(path, "utf8"));
      for (const key of Object.keys(metadata)) {
        metadata[key] = metadata[key].filter((entry) => entry.type === "aws:cdk:logicalId");
      }
      writeFileSync(path, `${JSON.stringify(metadata, null, 2)}\n`);
    }
  }
}

function ordersFunction(scope, id, environment) {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: "app.handler",
    code: lambda.Code.fromAsset(join(here, "orders")),
    environment,
  });
}

// Two stacks: the table of one is used by the function of the other, whose role may not publish and may delete.
function twoStacks() {
  const cdkApp = app("cdk-orders", { "aws:cdk:enable-asset-metadata": true });
  const env = { account: "123456789012", region: "eu-west-1" };
  const data = new cdk.Stack(cdkApp, "OrdersData", { env });
  const table = new dynamodb.Table(data, "Orders", { partitionKey: { name: "id", type: dynamodb.AttributeType.STRING } });
  const api = new cdk.Stack(cdkApp, "OrdersApi", { env });
  const topic = new sns.Topic(api, "Placed");
  const place = ordersFunction(api, "Place", { TABLE: table.tableName, TOPIC: topic.topicArn });
  table.grant(place, "dynamodb:PutItem", "dynamodb:DeleteTable");
  synth(cdkApp);
}

// A stack in a stack: it is handed a key and hands its topic back; nothing in the templates says where assets lie.
function nestedStack() {
  const cdkApp = app("cdk-nested");
  const stack = new cdk.Stack(cdkApp, "Shop");
  const archive = new s3.Bucket(stack, "Archive", { enforceSSL: true });
  const inner = new cdk.NestedStack(stack, "Notifications");
  const topic = new sns.Topic(inner, "Shipped");
  const notify = new lambda.Function(inner, "Notify", {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: lambda.Code.fromAsset(join(here, "notify")),
    environment: { BUCKET: archive.bucketName },
  });
  notify.addToRolePolicy(new iam.PolicyStatement({ actions: ["s3:GetObject", "s3:PutObject"], resources: [archive.arnForObjects("*")] }));
  const failed = new sqs.Queue(stack, "Failed", { enforceSSL: true });
  failed.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal("sns.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [failed.queueArn],
      conditions: { ArnEquals: { "aws:SourceArn": topic.topicArn } },
    }),
  );
  synth(cdkApp);
}

// Two stages of one stack, each an assembly of its own, which share one asset.
function stages() {
  const cdkApp = app("cdk-stages");
  for (const [name, region] of [["Test", "eu-west-1"], ["Prod", "us-east-1"]]) {
    const stage = new cdk.Stage(cdkApp, name, { env: { account: "123456789012", region } });
    const stack = new cdk.Stack(stage, "Orders");
    const table = new dynamodb.Table(stack, "Orders", { partitionKey: { name: "id", type: dynamodb.AttributeType.STRING } });
    const topic = new sns.Topic(stack, "Placed");
    const place = ordersFunction(stack, "Place", { TABLE: table.tableName, TOPIC: topic.topicArn });
    table.grantWriteData(place);
    topic.grantPublish(place);
  }
  synth(cdkApp);
}

twoStacks();
nestedStack();
stages();
