# A party that is no agent.
INSERT DATA { :treaty trt:hasParty :signing }
