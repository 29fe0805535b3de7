// What only the program can judge, it refuses in the same way.
>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"since":"someday"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"since takes a day"}}}
