package com.example;

interface Store {
  void find(String id);

  void all();
}
