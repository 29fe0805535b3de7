// The command line's options by name; null is as good as absent.
>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"since":"2026-11-01","until":"today","order":"desc","timezone":null}}
<< {"jsonrpc":"2.0","id":1,"result":{"daily":[],"totals":{"totalTokens":0,"totalCost":0.30},"meta":{"schemaVersion":1}}}
