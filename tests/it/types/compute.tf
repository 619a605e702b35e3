# without: AWS::SageMaker::EndpointConfig isolated
variable "open" {
  type = string
}

resource "aws_instance" "plain_machine" {
  ami = "ami-1"
}

resource "aws_instance" "full_machine" {
  ami                         = "ami-1"
  associate_public_ip_address = true
  disable_api_termination     = true
  ebs_optimized               = true
  iam_instance_profile        = "p"
  key_name                    = "k"
  monitoring                  = true
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = true
  }
  metadata_options {
    http_endpoint               = "disabled"
    http_put_response_hop_limit = 2
    http_tokens                 = "required"
  }
  root_block_device {
    encrypted = true
  }
}

resource "aws_instance" "bare_machine" {
  ami                         = "ami-1"
  associate_public_ip_address = false
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = false
  }
  metadata_options {
    http_put_response_hop_limit = 1
    http_tokens                 = "optional"
  }
  root_block_device {
    encrypted = true
  }
}

resource "aws_launch_template" "plain_template" {
  image_id = "ami-1"
}

resource "aws_launch_template" "full_template" {
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted = true
    }
  }
  iam_instance_profile {
    name = "p"
  }
  metadata_options {
    http_endpoint               = "disabled"
    http_put_response_hop_limit = 2
    http_tokens                 = "required"
  }
  monitoring {
    enabled = true
  }
  network_interfaces {
    associate_public_ip_address = true
  }
}

resource "aws_launch_template" "bare_template" {
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted = false
    }
  }
  metadata_options {
    http_put_response_hop_limit = 1
    http_tokens                 = "optional"
  }
  network_interfaces {
    associate_public_ip_address = false
  }
}

resource "aws_ebs_volume" "plain_volume" {
  availability_zone = "eu-west-1a"
  size              = 1
}

resource "aws_ebs_volume" "full_volume" {
  availability_zone = "eu-west-1a"
  encrypted         = true
  kms_key_id        = var.open
  snapshot_id       = "snap-1"
  type              = "gp3"
}

resource "aws_ebs_volume" "key_volume" {
  availability_zone = "eu-west-1a"
  encrypted         = false
  kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/k"
  type              = "io2"
}

resource "aws_ebs_snapshot_block_public_access" "plain_snapshots" {
  state = "block-new-sharing"
}

resource "aws_ebs_snapshot_block_public_access" "full_snapshots" {
  state = "block-all-sharing"
}

resource "aws_batch_job_definition" "plain_job" {
  name                 = "plain"
  type                 = "container"
  container_properties = jsonencode({ image = "i", readonlyRootFilesystem = false })
}

resource "aws_batch_job_definition" "full_job" {
  name = "full"
  type = "container"
  container_properties = jsonencode({
    image                  = "i"
    jobRoleArn             = "r"
    privileged             = true
    readonlyRootFilesystem = true
    user                   = "nobody"
  })
  platform_capabilities = ["FARGATE"]
  timeout {
    attempt_duration_seconds = 60
  }
}

resource "aws_apprunner_service" "plain_service" {
  service_name = "plain"
  source_configuration {
    auto_deployments_enabled = true
    image_repository {
      image_identifier      = "i"
      image_repository_type = "ECR"
    }
  }
}

resource "aws_apprunner_service" "full_service" {
  service_name = "full"
  encryption_configuration {
    kms_key = "arn:aws:kms:eu-west-1:111122223333:key/k"
  }
  instance_configuration {
    instance_role_arn = "r"
  }
  network_configuration {
    egress_configuration {
      egress_type       = "VPC"
      vpc_connector_arn = "c"
    }
    ingress_configuration {
      is_publicly_accessible = false
    }
  }
  observability_configuration {
    observability_configuration_arn = "o"
    observability_enabled           = true
  }
  source_configuration {
    auto_deployments_enabled = false
    image_repository {
      image_identifier      = "i"
      image_repository_type = "ECR"
    }
  }
}

resource "aws_sagemaker_notebook_instance" "plain_notebook" {
  name          = "plain"
  instance_type = "ml.t3.medium"
  role_arn      = "r"
}

resource "aws_sagemaker_notebook_instance" "full_notebook" {
  name                   = "full"
  direct_internet_access = "Disabled"
  instance_type          = "ml.t3.medium"
  kms_key_id             = "k"
  role_arn               = "r"
  root_access            = "Disabled"
  subnet_id              = "s"
  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }
}

resource "aws_sagemaker_endpoint_configuration" "plain_model" {
  name = "plain"
  production_variants {
    variant_name = "a"
    model_name   = "m"
  }
}

resource "aws_sagemaker_endpoint_configuration" "full_model" {
  name        = "full"
  kms_key_arn = "k"
  data_capture_config {
    destination_s3_uri          = "s3://b"
    initial_sampling_percentage = 100
    kms_key_id                  = "k"
    capture_options {
      capture_mode = "Input"
    }
  }
  production_variants {
    variant_name = "a"
    model_name   = "m"
  }
  production_variants {
    variant_name = "b"
    model_name   = "m"
  }
}
