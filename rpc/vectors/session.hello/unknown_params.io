// Unknown params are refused by name.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"name":"me","client":"x"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"name\"; known: client, protocol"}}}
