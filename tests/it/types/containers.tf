variable "open" {
  type = string
}

resource "aws_ecs_cluster" "plain_cluster" {
  name = "plain"
}

resource "aws_ecs_cluster" "off_cluster" {
  name = "off"
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster" "full_cluster" {
  name = "full"
  configuration {
    execute_command_configuration {
      kms_key_id = "arn:aws:kms:eu-central-1:111122223333:key/1"
      logging    = "NONE"
    }
  }
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_service" "plain_service" {
  name            = "plain"
  task_definition = aws_ecs_task_definition.plain_task.arn
}

resource "aws_ecs_service" "full_service" {
  name                   = "full"
  enable_execute_command = true
  launch_type            = "FARGATE"
  task_definition        = aws_ecs_task_definition.full_task.arn
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    assign_public_ip = true
    subnets          = ["subnet-1"]
  }
}

resource "aws_ecs_service" "open_service" {
  name                   = "open"
  enable_execute_command = var.open
  task_definition        = aws_ecs_task_definition.full_task.arn
}

resource "aws_ecs_service" "alarm_service" {
  name            = "alarm"
  launch_type     = "EC2"
  task_definition = aws_ecs_task_definition.full_task.arn
  alarms {
    alarm_names = ["errors"]
    enable      = true
    rollback    = true
  }
  deployment_circuit_breaker {
    enable   = false
    rollback = false
  }
}

resource "aws_ecs_service" "off_service" {
  name            = "off"
  task_definition = aws_ecs_task_definition.full_task.arn
  deployment_circuit_breaker {
    enable   = false
    rollback = true
  }
}

resource "aws_ecs_task_definition" "plain_task" {
  family = "plain"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:latest"
    privileged  = true
    environment = [{ name = "HOST", value = "a" }, { name = "PASSWORD", value = "Wq8zKp3vLm5xRt2n" }]
  }])
}

resource "aws_ecs_task_definition" "full_task" {
  family        = "full"
  network_mode  = "awsvpc"
  pid_mode      = "host"
  task_role_arn = "arn:aws:iam::111122223333:role/task"
  container_definitions = <<-EOT
    [
      {
        "name": "app",
        "image": "app:1",
        "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "app" } },
        "readonlyRootFilesystem": true,
        "user": "1000"
      }
    ]
  EOT
}

resource "aws_ecr_repository" "plain_repository" {
  name = "plain"
}

resource "aws_ecr_repository" "full_repository" {
  name                 = "full"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = "arn:aws:kms:eu-central-1:111122223333:key/1"
  }
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_repository_policy" "full_repository" {
  repository = aws_ecr_repository.full_repository.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "ecr:BatchGetImage" }]
  })
}

resource "aws_ecr_lifecycle_policy" "full_repository" {
  repository = "full"
  policy     = jsonencode({ rules = [] })
}

resource "aws_ecr_repository" "open_repository" {
  name                 = "open"
  image_tag_mutability = var.open
  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_replication_configuration" "plain_copies" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = "111122223333"
      }
    }
  }
}

resource "aws_ecr_replication_configuration" "full_copies" {
  replication_configuration {
    rule {
      destination {
        region      = "us-east-1"
        registry_id = "111122223333"
      }
      destination {
        region      = "eu-west-3"
        registry_id = "444455556666"
      }
    }
    rule {
      destination {
        region      = var.open
        registry_id = "111122223333"
      }
    }
  }
}

resource "aws_bedrockagent_agent" "plain_agent" {
  agent_name = "plain"
}

resource "aws_bedrockagent_agent" "full_agent" {
  agent_name                  = "full"
  customer_encryption_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1"
  idle_session_ttl_in_seconds = 60
  guardrail_configuration {
    guardrail_identifier = "g"
    guardrail_version    = "1"
  }
}

resource "aws_bedrockagent_agent" "long_agent" {
  agent_name                  = "long"
  idle_session_ttl_in_seconds = 3600
}

resource "aws_bedrock_guardrail" "plain_guardrail" {
  name                      = "plain"
  blocked_input_messaging   = "a"
  blocked_outputs_messaging = "b"
}

resource "aws_bedrock_guardrail" "full_guardrail" {
  name                      = "full"
  blocked_input_messaging   = "a"
  blocked_outputs_messaging = "b"
  kms_key_arn               = "arn:aws:kms:eu-central-1:111122223333:key/1"
  content_policy_config {
    filters_config {
      input_strength  = "HIGH"
      output_strength = "NONE"
      type            = "PROMPT_ATTACK"
    }
  }
  cross_region_config {
    guardrail_profile_identifier = "us.guardrail.v1:0"
  }
  sensitive_information_policy_config {
    pii_entities_config {
      action = "BLOCK"
      type   = "EMAIL"
    }
  }
}

resource "aws_bedrockagent_knowledge_base" "plain_knowledge" {
  name     = "plain"
  role_arn = "r"
  knowledge_base_configuration {
    type = "VECTOR"
    vector_knowledge_base_configuration {
      embedding_model_arn = "m"
    }
  }
  storage_configuration {
    type = "OPENSEARCH_SERVERLESS"
  }
}

resource "aws_bedrockagent_knowledge_base" "full_knowledge" {
  name     = "full"
  role_arn = "r"
  knowledge_base_configuration {
    type = "KENDRA"
  }
}

resource "aws_bedrock_inference_profile" "plain_profile" {
  name = "plain"
  model_source {
    copy_from = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0"
  }
}

resource "aws_bedrock_inference_profile" "full_profile" {
  name = "full"
  model_source {
    copy_from = "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0"
  }
}

resource "aws_bedrock_inference_profile" "open_profile" {
  name = "open"
  model_source {
    copy_from = var.open
  }
}
