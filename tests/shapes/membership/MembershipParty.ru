# A membership of something that is no party.
INSERT DATA { :membership trt:hasParty :treaty }
