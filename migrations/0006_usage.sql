-- What an answer cost: tokens and, when the model has a price, US dollars; null where nothing was counted.
ALTER TABLE messages ADD COLUMN usage_json TEXT;
