variable "name" {
  type = string
}
variable "services" {
  type = list(string)
}
variable "retention" {
  type    = number
  default = null
}

locals {
  tags = { Team = var.name, DataClassification = "internal" }
}

module "service" {
  source = "../service"
  count  = length(var.services)

  name      = "${var.name}-${var.services[count.index]}"
  queues    = ["high", "low", "dead", "audit"]
  retention = var.retention
  tags      = merge(local.tags, { Service = var.services[count.index] })
}

output "queues" {
  value = flatten(module.service[*].queues)
}
