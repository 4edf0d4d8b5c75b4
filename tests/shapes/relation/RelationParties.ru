# A relation with one side.
DELETE DATA { :alliance trt:hasParty :two }
