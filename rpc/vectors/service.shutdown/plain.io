// The answer comes first, then the service stops.
>> {"jsonrpc":"2.0","id":1,"method":"service.shutdown"}
<< {"jsonrpc":"2.0","id":1,"result":{"stopping":true,"uptimeSeconds":0.10}}
