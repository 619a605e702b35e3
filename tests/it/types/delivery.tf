variable "open" {
  type = string
}

resource "aws_codebuild_project" "plain_build" {
  name = "plain"
  environment {
    environment_variable {
      name  = "COLOUR"
      value = "blue"
    }
  }
  source {
    type     = "GITHUB"
    location = "https://github.com/a/b.git"
  }
}

resource "aws_codebuild_project" "full_build" {
  name               = "full"
  build_timeout      = 5
  encryption_key     = "arn:aws:kms:eu-west-1:111122223333:key/k"
  project_visibility = "PUBLIC_READ"
  artifacts {
    type                = "S3"
    encryption_disabled = true
  }
  environment {
    privileged_mode = true
    environment_variable {
      name  = "PASSWORD"
      value = "Wq8zKp3vLm5xRt2n"
    }
    environment_variable {
      name  = "TOKEN"
      type  = "PARAMETER_STORE"
      value = "/app/token"
    }
  }
  logs_config {
    cloudwatch_logs {
      status = "DISABLED"
    }
    s3_logs {
      encryption_disabled = true
      location            = "b/logs"
      status              = "DISABLED"
    }
  }
  source {
    type         = "GITHUB_ENTERPRISE"
    insecure_ssl = true
    location     = "https://me:token@git.example.com/a/b.git"
  }
  vpc_config {
    vpc_id = "v"
  }
}

resource "aws_codebuild_webhook" "pushes" {
  project_name = aws_codebuild_project.full_build.name
  filter_group {
    filter {
      type    = "EVENT"
      pattern = "PUSH"
    }
    filter {
      type    = "ACTOR_ACCOUNT_ID"
      pattern = "1"
    }
  }
}

resource "aws_codebuild_project" "hooked_build" {
  name = "hooked"
  source {
    type = "GITHUB"
  }
}

resource "aws_codebuild_webhook" "anyone" {
  project_name = aws_codebuild_project.hooked_build.name
  filter_group {
    filter {
      type    = "EVENT"
      pattern = "PULL_REQUEST_CREATED"
    }
  }
}

resource "aws_codebuild_project" "open_build" {
  name = "open"
  environment {
    privileged_mode = var.open
  }
  source {
    type     = "S3"
    location = var.open
  }
}

resource "aws_codepipeline" "plain_pipeline" {
  name = "plain"
  artifact_store {
    location = "b"
    type     = "S3"
  }
  stage {
    name = "a"
    action {
      name     = "a"
      category = "Source"
      owner    = "AWS"
      provider = "S3"
      version  = "1"
    }
  }
}

resource "aws_codepipeline" "full_pipeline" {
  name          = "full"
  pipeline_type = "V2"
  artifact_store {
    location = "b"
    region   = "eu-west-1"
    type     = "S3"
    encryption_key {
      id   = "k"
      type = "KMS"
    }
  }
  artifact_store {
    location = "c"
    region   = "us-east-1"
    type     = "S3"
    encryption_key {
      id   = "k"
      type = "KMS"
    }
  }
  stage {
    name = "a"
    action {
      name     = "a"
      category = "Source"
      owner    = "AWS"
      provider = "S3"
      version  = "1"
    }
  }
  stage {
    name = "b"
    action {
      name     = "b"
      category = "Test"
      owner    = "AWS"
      provider = "CodeBuild"
      version  = "1"
    }
    action {
      name     = "c"
      category = "Approval"
      owner    = "AWS"
      provider = "Manual"
      version  = "1"
    }
    action {
      name     = "d"
      category = "Deploy"
      owner    = "AWS"
      provider = "S3"
      region   = "us-west-2"
      version  = "1"
    }
  }
}

resource "aws_codedeploy_deployment_group" "plain_deployment" {
  app_name              = "a"
  deployment_group_name = "plain"
  service_role_arn      = "r"
}

resource "aws_codedeploy_deployment_group" "full_deployment" {
  app_name               = "a"
  deployment_config_name = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
  deployment_group_name  = "full"
  service_role_arn       = "r"
  alarm_configuration {
    alarms  = ["a"]
    enabled = true
  }
  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }
  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }
}

resource "aws_codeartifact_domain" "plain_packages" {
  domain = "a"
}

resource "aws_codeartifact_domain" "full_packages" {
  domain = "b"
}

resource "aws_codeartifact_domain_permissions_policy" "reads" {
  domain = aws_codeartifact_domain.full_packages.domain
  policy_document = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "codeartifact:ReadFromRepository", Resource = "*" }]
  })
}

resource "aws_codeartifact_repository" "plain_shelf" {
  domain     = "a"
  repository = "a"
}

resource "aws_codeartifact_repository" "full_shelf" {
  domain     = "a"
  repository = "b"
  external_connections {
    external_connection_name = "public:npmjs"
  }
  upstream {
    repository_name = "a"
  }
}

resource "aws_codeartifact_repository_permissions_policy" "reads_too" {
  domain     = "a"
  repository = aws_codeartifact_repository.full_shelf.repository
  policy_document = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "codeartifact:ReadFromRepository", Resource = "*" }]
  })
}

resource "aws_codecommit_repository" "plain_code" {
  repository_name = "a"
}

resource "aws_codecommit_repository" "full_code" {
  kms_key_id      = "arn:aws:kms:eu-west-1:111122223333:key/k"
  repository_name = "b"
}

resource "aws_codecommit_trigger" "all" {
  repository_name = aws_codecommit_repository.full_code.repository_name
  trigger {
    destination_arn = "t"
    events          = ["all"]
    name            = "a"
  }
}

resource "aws_amplify_app" "plain_app" {
  name = "a"
}

resource "aws_amplify_app" "full_app" {
  name                   = "b"
  access_token           = "ghp_0123456789"
  basic_auth_credentials = "bWU6aG9yc2U="
  enable_basic_auth      = true
  platform               = "WEB_COMPUTE"
  auto_branch_creation_config {
    enable_pull_request_preview = true
  }
}

resource "aws_transfer_server" "plain_server" {
}

resource "aws_transfer_server" "full_server" {
  domain                 = "EFS"
  endpoint_type          = "VPC"
  function               = "f"
  identity_provider_type = "AWS_LAMBDA"
  logging_role           = "r"
  protocols              = ["FTP", "SFTP"]
  security_policy_name   = "TransferSecurityPolicy-2024-01"
}
