variable "name" {
  type = string
}
variable "queues" {
  type = set(string)
}
variable "retention" {
  type     = number
  default  = 345600
  nullable = false
}
variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_sqs_queue" "this" {
  for_each                  = var.queues
  name                      = join("-", [var.name, each.key])
  message_retention_seconds = var.retention
  sqs_managed_sse_enabled   = each.key != "audit"
  tags                      = merge(var.tags, { Queue = each.key })
}

resource "aws_sns_topic" "this" {
  name              = var.name
  kms_master_key_id = "alias/${var.name}"
  tags              = var.tags
}

output "queues" {
  value = [for name, queue in aws_sqs_queue.this : queue.arn]
}
