def handler(event, context):
    return "placed"
