variable "stage" {
  default = "prod"
}

locals {
  numbers = [for n in range(ceil(TEAMS / 100)) : n]
  teams = merge([
    for block in local.numbers : {
      for n in range(block * 100, min((block + 1) * 100, TEAMS)) :
      format("team%05d", n) => { services = ["orders", "mail"], retention = n % 3 == 0 ? null : 60 + n % 100 }
    }
  ]...)
}

module "team" {
  source   = "./team"
  for_each = local.teams

  name      = "${each.key}-${var.stage}"
  services  = each.value.services
  retention = each.value.retention
}

output "queues" {
  value = { for name, team in module.team : name => team.queues }
}
